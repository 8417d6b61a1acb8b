import { createHistogram, type HistogramData, percentileCurve, summarize } from '../support/histogram.ts';
import { watchCpu } from '../support/machine.ts';
import type { Line, Row } from '../support/row.ts';
import { onStage, pass, WARM_UP_SECONDS } from '../support/stage.ts';

/** publish → screen: from when a reading was measured, which is when it is due to be sent, until a screen has it. */

const SCREENS = [50, 200] as const;
const SCREENS_A_PROCESS = 50;
const BUDGET_MS = 250;
/** Until the last readings of the measured time have come. */
const TAIL_SECONDS = 1.5;

export const measureScreens: Row = (context) =>
  onStage(context, context.beds, async (stage) => {
    const { beds, seconds } = context;
    const publisher = await stage.publish({ messagesPerSecond: beds });
    const outcomes: { screens: number; delays: HistogramData; expected: number; seen: number; cpuPercent: object }[] =
      [];
    for (const screens of SCREENS) {
      const watchers = [];
      for (let opened = 0; opened < screens; opened += SCREENS_A_PROCESS) {
        context.progress(opened, screens, `opening ${screens} screens`);
        watchers.push(await stage.watch({ screens: Math.min(SCREENS_A_PROCESS, screens - opened) }));
      }
      await pass(WARM_UP_SECONDS, 'warming up', context, publisher);
      const fromMs = Date.now();
      for (const watcher of watchers) {
        watcher.send({ command: 'measure', fromMs, untilMs: fromMs + seconds * 1_000 });
      }
      const cpu = watchCpu({ station: stage.station().pid, load: publisher.pid });
      await pass(seconds, `publish → ${screens} screens`, context, publisher);
      const cpuPercent = await cpu();
      await pass(TAIL_SECONDS, 'the last readings', context, publisher);
      const results = await Promise.all(watchers.map((watcher) => watcher.finish()));
      const delays = createHistogram();
      for (const result of results) delays.merge(result.delays);
      const seen = results.reduce((sum, result) => sum + result.seen, 0);
      outcomes.push({ screens, delays: delays.data(), expected: beds * seconds * screens, seen, cpuPercent });
    }
    await publisher.finish();
    return {
      lines: outcomes.map(({ screens, delays, expected, seen, cpuPercent }): Line => {
        const { p50, p99, max } = summarize(delays);
        return {
          what: `publish → screen p99, ${beds} beds × 1 Hz, ${screens} screens`,
          measured: p99,
          unit: 'ms',
          ...(screens === 50 ? { budget: { atMost: BUDGET_MS } } : {}),
          note: `p50 ${p50.toFixed(0)}, max ${max.toFixed(0)} ms, ${((100 * seen) / expected).toFixed(2)}% of readings seen; ${JSON.stringify(cpuPercent).replace(/["{}]/g, '')}`,
        };
      }),
      plots: [
        {
          title: 'publish → screen',
          kind: 'percentiles',
          xLabel: 'of readings',
          yLabel: 'ms',
          curves: outcomes.map(({ screens, delays }) => ({
            name: `${screens} screens`,
            points: percentileCurve(delays).map(({ share, ms }): [number, number] => [share, ms]),
          })),
          budget: BUDGET_MS,
        },
      ],
      detail: { outcomes },
    };
  });
