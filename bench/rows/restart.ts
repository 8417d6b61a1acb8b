import type { Usage } from '../support/limit.ts';
import { countMissing } from '../support/missing.ts';
import { limitedBy, observe } from '../support/observe.ts';
import type { Row, RowContext } from '../support/row.ts';
import { onStage, pass, type Stage, WARM_UP_SECONDS, waitUntilDrained } from '../support/stage.ts';

/**
 * `kill -9` under load, with the database just as it is. Measured from the start of the new process until it is ready
 * and everything acknowledged before the kill is in the database.
 */

const KILLS = 3;
const BUDGET_MS = 3_000;

export const measureRestart: Row = (context) =>
  onStage(context, context.beds, async (stage) => {
    const kills: Kill[] = [];
    for (let kill = 0; kill < KILLS; kill++) kills.push(await killOnce(context, stage, kill));
    const slowest = kills.reduce((most, kill) => (kill.caughtUpAfterMs > most.caughtUpAfterMs ? kill : most));
    const missing = kills.reduce((sum, kill) => sum + kill.missing, 0);
    if (missing > 0) throw new Error(`${missing} acknowledged readings are missing after a kill -9`);
    return {
      lines: [
        {
          what: `kill -9 under ${context.beds} messages/s, start → ready and caught up, slowest of ${KILLS}`,
          measured: slowest.caughtUpAfterMs,
          unit: 'ms',
          budget: { atMost: BUDGET_MS },
          note: `ready after ${kills.map(({ readyAfterMs }) => Math.round(readyAfterMs)).join(', ')} ms; no acknowledged reading missing`,
          ...limitedBy(slowest.usage),
        },
      ],
      plots: [],
      detail: { kills },
    };
  });

type Kill = {
  readonly readyAfterMs: number;
  readonly caughtUpAfterMs: number;
  readonly acked: number;
  readonly missing: number;
  readonly journalBytes: number;
  readonly usage: Usage;
};

export const killOnce = async (context: RowContext, stage: Stage, kill: number): Promise<Kill> => {
  const since = new Date();
  const publisher = await stage.publish({ messagesPerSecond: context.beds, boot: `kill-${kill}` });
  await pass(Math.max(WARM_UP_SECONDS, context.seconds / 2), `load before kill ${kill + 1}`, context, publisher);
  const journalBytes = (await stage.station().metrics()).total('wardwatch_journal_bytes');
  await stage.station().kill();
  const { ackedByDevice, acked } = await publisher.finish();
  const startedAt = performance.now();
  const used = await observe();
  const station = await stage.restart();
  await waitUntilDrained(station, 60_000);
  const caughtUpAfterMs = performance.now() - startedAt;
  const usage = await used();
  const missing = await countMissing(stage.database, ackedByDevice, since);
  return { readyAfterMs: station.readyAfterMs, caughtUpAfterMs, acked, missing, journalBytes, usage };
};
