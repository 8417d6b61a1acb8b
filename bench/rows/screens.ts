import { createHistogram, type HistogramData, percentileCurve, summarize } from '../support/histogram.ts';
import type { Usage } from '../support/limit.ts';
import { limitedBy, observe } from '../support/observe.ts';
import type { Line, Row } from '../support/row.ts';
import { onStage, pass, WARM_UP_SECONDS } from '../support/stage.ts';

/** publish → screen: from when a reading was measured, which is when it is due to be sent, until a screen has it. */

/** The stopped database comes last: when it is back it has a backlog to take. */
const RUNS = [
  { screens: 50, name: '50 screens', isDatabaseStopped: false },
  { screens: 200, name: '200 screens', isDatabaseStopped: false },
  { screens: 50, name: '50 screens, database stopped', isDatabaseStopped: true },
] as const;
const SCREENS_A_PROCESS = 50;
const BUDGET_MS = 250;
/** How long the last readings of the measured time are waited for. */
const TAIL_SECONDS = 1.5;

export const measureScreens: Row = (context) =>
  onStage(context, context.beds, async (stage) => {
    const { beds, seconds, server } = context;
    const publisher = await stage.publish({ messagesPerSecond: beds });
    const outcomes: {
      name: string;
      screens: number;
      delays: HistogramData;
      expected: number;
      seen: number;
      usage: Usage;
    }[] = [];
    for (const { name, screens, isDatabaseStopped } of RUNS) {
      const watchers = [];
      if (isDatabaseStopped && !server.freeze) continue;
      for (let opened = 0; opened < screens; opened += SCREENS_A_PROCESS) {
        context.progress(opened, screens, `opening ${screens} screens`);
        watchers.push(await stage.watch({ screens: Math.min(SCREENS_A_PROCESS, screens - opened) }));
      }
      // The measurement begins once the screens have signed in and joined, which is not part of it.
      const frozen = isDatabaseStopped ? await server.freeze?.() : undefined;
      if (frozen) stage.atEnd('frozen database', frozen.thaw);
      await pass(WARM_UP_SECONDS, 'warming up', context, publisher);
      const fromMs = Date.now();
      for (const watcher of watchers) {
        watcher.send({ command: 'measure', fromMs, untilMs: fromMs + seconds * 1_000 });
      }
      const used = await observe(stage.database);
      await pass(seconds, `publish → ${name}`, context, publisher);
      const usage = await used();
      await pass(TAIL_SECONDS, 'the last readings', context, publisher);
      const results = await Promise.all(watchers.map((watcher) => watcher.finish()));
      await frozen?.thaw();
      const delays = createHistogram();
      for (const result of results) delays.merge(result.delays);
      const seen = results.reduce((sum, result) => sum + result.seen, 0);
      outcomes.push({ name, screens, delays: delays.data(), expected: beds * seconds * screens, seen, usage });
    }
    await publisher.finish();
    return {
      lines: outcomes.map(({ name, screens, delays, expected, seen, usage }): Line => {
        const { p50, p99, max } = summarize(delays);
        return {
          what: `publish → screen p99, ${beds} beds × 1 Hz, ${name}`,
          measured: p99,
          unit: 'ms',
          ...(screens === 50 ? { budget: { atMost: BUDGET_MS } } : {}),
          note: `p50 ${p50.toFixed(0)}, max ${max.toFixed(0)} ms, ${((100 * seen) / expected).toFixed(2)}% of readings seen`,
          ...limitedBy(usage),
        };
      }),
      plots: [
        {
          title: 'publish → screen',
          kind: 'percentiles',
          xLabel: 'of readings',
          yLabel: 'ms',
          curves: outcomes.map(({ name, delays }) => ({
            name,
            points: percentileCurve(delays).map(({ share, ms }): [number, number] => [share, ms]),
          })),
          budget: BUDGET_MS,
        },
      ],
      detail: { outcomes },
    };
  });
