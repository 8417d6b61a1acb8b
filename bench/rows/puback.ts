import { VITALS_A_MESSAGE } from '../load/packets.ts';
import type { PublishResult } from '../load/publish.ts';
import { percentileCurve, summarize } from '../support/histogram.ts';
import type { Usage } from '../support/limit.ts';
import { limitedBy, observe } from '../support/observe.ts';
import type { Line, Plot, Row, RowContext } from '../support/row.ts';
import { onStage, type Publisher, pass, type Stage, WARM_UP_SECONDS, waitUntilDrained } from '../support/stage.ts';

/** publish → PUBACK, which is publish → flushed to disk: with the database, while it is frozen, and when it is back. */

const BUDGET_MS = 20;
/** When the database is back it takes what has gathered; these seconds are the hardest for those who go on. */
const BACK_SECONDS = 5;

type Usages = ReadonlyMap<string, Usage>;
type Phase = PublishResult['phases'][number];

/** What each phase used, by its name. */
const play = async (context: RowContext, stage: Stage, publisher: Publisher): Promise<Usages> => {
  const { server, seconds, awaySeconds } = context;
  const usages = new Map<string, Usage>();
  const phase = async (name: string, phaseSeconds: number): Promise<void> => {
    publisher.send({ command: 'phase', name });
    const used = await observe(stage.database);
    await pass(phaseSeconds, `publish → PUBACK, ${name}`, context, publisher);
    usages.set(name, await used());
  };
  await pass(WARM_UP_SECONDS, 'warming up', context, publisher);
  await phase('database up', seconds);
  if (server.freeze) {
    const frozen = await server.freeze();
    stage.atEnd('frozen database', frozen.thaw);
    await phase(`database stopped for ${awaySeconds} s`, awaySeconds);
    const back = phase(`database back after ${awaySeconds} s`, BACK_SECONDS);
    await frozen.thaw();
    await back;
  }
  publisher.send({ command: 'pause' });
  return usages;
};

const linesOf = (phases: readonly Phase[], usages: Usages, beds: number): Line[] =>
  phases.map(({ name, sent, delays }) => {
    const { p50, p99, max, count } = summarize(delays);
    const usage = usages.get(name);
    return {
      what: `publish → PUBACK p99, ${beds} beds × 1 Hz, ${name}`,
      measured: p99,
      unit: 'ms',
      budget: { atMost: BUDGET_MS },
      note: `p50 ${p50.toFixed(1)}, max ${max.toFixed(1)} ms, ${count} of ${sent} acknowledged`,
      ...(usage ? limitedBy(usage) : {}),
    };
  });

const plotOf = (phases: readonly Phase[]): Plot => ({
  title: 'publish → PUBACK',
  kind: 'percentiles',
  xLabel: 'of messages',
  yLabel: 'ms',
  curves: phases.map(({ name, delays }) => ({
    name,
    points: percentileCurve(delays).map(({ share, ms }): [number, number] => [share, ms]),
  })),
  budget: BUDGET_MS,
});

export const measurePuback: Row = (context) =>
  onStage(context, context.beds, async (stage) => {
    const { server, beds } = context;
    const publisher = await stage.publish({ messagesPerSecond: beds });
    const usages = await play(context, stage, publisher);
    const drainedAfterMs = await waitUntilDrained(stage.station(), 180_000);
    const result = await publisher.finish();
    const phases = result.phases.filter(({ name }) => usages.has(name));
    const [counted] = await stage.database.query<{ rows: number }>('select count(*)::float8 as rows from vitals');
    const missing = result.acked * VITALS_A_MESSAGE - (counted?.rows ?? 0);
    if (missing > 0) throw new Error(`${missing} acknowledged readings are missing`);
    return {
      lines: linesOf(phases, usages, beds),
      plots: [plotOf(phases)],
      detail: {
        phases: phases.map(({ name, sent, delays }) => ({ name, sent, delays })),
        drainedAfterMs,
        rows: counted?.rows,
        acked: result.acked,
        loadOwnLatenessMs: result.ownLatenessMs,
        notMeasured: server.freeze ? [] : ['database stopped: the server of a URL cannot be frozen from here'],
      },
    };
  });
