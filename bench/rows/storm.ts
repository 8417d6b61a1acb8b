import { sleep } from '#platform/backoff.ts';
import { FEVER_ALARM, FEVER_BODY } from '../load/packets.ts';
import { dueBetween, faultsOf } from '../support/alarm-faults.ts';
import { type HistogramData, percentileCurve, summarize } from '../support/histogram.ts';
import { countMissing } from '../support/missing.ts';
import { limitedBy, observe } from '../support/observe.ts';
import { readMemoryMiB } from '../support/processes.ts';
import type { Line, Plot, Row, RowContext } from '../support/row.ts';
import { onStage, pass, type Stage, type Storm, waitUntilDrained } from '../support/stage.ts';

/**
 * A storm: 10,000 devices come back within ten seconds, each with what it has kept for five minutes, while other beds go
 * on and have alarms. What those see of it is measured from the first of them to the moment in which all have caught up.
 */

/** Beds that go on, and how many of them have an alarm each second. */
const CALM_BEDS = 500;
const ALARMS_A_SECOND = 20;
const SCREENS = 10;
const WITHIN_MS = 10_000;
const BACKLOG_MESSAGES = 300;
const BATCH_MESSAGES = 50;
const BUDGET_ALARM_MS = 25;
const BUDGET_PUBACK_MS = 50;
const SETTLE_SECONDS = 8;
const TAIL_SECONDS = 3;
const PATIENCE_MS = 20 * 60_000;

/** Beds that go on, with screens on which their alarms are, and devices that wait to come. */
const prepare = async (context: RowContext, stage: Stage) => {
  const beds = stage.ward.publishers('vitals');
  const publisher = await stage.publish({
    messagesPerSecond: CALM_BEDS,
    beds: beds.slice(0, CALM_BEDS),
    excursions: { body: FEVER_BODY, everyMessages: Math.round(CALM_BEDS / ALARMS_A_SECOND) },
  });
  const storm = await stage.storm({
    beds: beds.slice(CALM_BEDS),
    boot: 'storm',
    withinMs: WITHIN_MS,
    backlogMessages: BACKLOG_MESSAGES,
    batchMessages: BATCH_MESSAGES,
  });
  const units = stage.ward.units.slice(0, Math.ceil((CALM_BEDS * stage.ward.units.length) / beds.length));
  const screens = await stage.watchAlarms({ screens: SCREENS, kind: FEVER_ALARM, units });
  await pass(SETTLE_SECONDS, 'settling', context, publisher);
  return { publisher, storm, screens };
};

type Prepared = Awaited<ReturnType<typeof prepare>>;

/** The storm, and what everybody has seen of it. */
const play = async (context: RowContext, stage: Stage, { publisher, storm, screens }: Prepared) => {
  const fromMs = Date.now();
  const startedAt = performance.now();
  publisher.send({ command: 'phase', name: 'storm' });
  screens.send({ command: 'measure', fromMs, untilMs: Number.MAX_SAFE_INTEGER });
  const used = await observe(stage.database);
  storm.send({ command: 'begin' });
  const peakMiB = await passStorm(context, stage, storm);
  const usage = await used();
  const untilMs = Date.now();
  publisher.send({ command: 'phase', name: 'after' });
  storm.send({ command: 'pause' });
  await pass(TAIL_SECONDS, 'the last alarms', context, publisher);
  publisher.send({ command: 'pause' });
  await sleep(1_000);
  const [onScreens, stormed, calm] = await Promise.all([screens.finish(), storm.finish(), publisher.finish()]);
  await waitUntilDrained(stage.station(), PATIENCE_MS);
  const drainedAfterMs = performance.now() - startedAt;
  return { fromMs, untilMs, usage, peakMiB, drainedAfterMs, onScreens, stormed, calm };
};

type Played = Awaited<ReturnType<typeof play>>;

/** How many alarms there were. Throws when one was not heard once on every screen, or something acknowledged is missing. */
const check = async (
  stage: Stage,
  since: Date,
  { fromMs, untilMs, onScreens, stormed, calm }: Played,
): Promise<number> => {
  const due = dueBetween(calm.excursions, stage.ward.bedIds, fromMs, untilMs);
  const wanted = new Set(due);
  // Alarms of the time after the storm are heard too.
  const heard = Object.fromEntries(
    Object.entries(onScreens.heard).filter(([key]) => wanted.has(key) || Number(key.split('@').at(-1)) < untilMs),
  );
  const faults = faultsOf(due, { heard }, SCREENS);
  for (const { ackedByDevice } of [stormed, calm]) {
    const missing = await countMissing(stage.database, ackedByDevice, since);
    if (missing > 0) faults.push(`${missing} acknowledged readings missing`);
  }
  if (faults.length > 0) throw new Error(`${due.length} alarms: ${faults.join('; ')}`);
  return due.length;
};

const plotOf = ({ onScreens, stormed }: Played, pubacks: HistogramData, beds: number): Plot => ({
  title: `A storm of ${beds} devices`,
  kind: 'percentiles',
  xLabel: 'of messages and alarms',
  yLabel: 'ms',
  curves: Object.entries({
    'alarm frame, others': onScreens.delays,
    'PUBACK, others': pubacks,
    'PUBACK, live of theirs': stormed.live,
    'PUBACK, backlog': stormed.backlog,
  }).map(([name, delays]) => ({
    name,
    points: percentileCurve(delays).map(({ share, ms }): [number, number] => [share, ms]),
  })),
  budget: BUDGET_ALARM_MS,
});

export const measureStorm: Row = (context) =>
  onStage(context, CALM_BEDS + context.large.beds, async (stage) => {
    const since = new Date(Date.now() - 3_600_000);
    const played = await play(context, stage, await prepare(context, stage));
    const alarms = await check(stage, since, played);
    const { stormed, calm, onScreens, drainedAfterMs, peakMiB, usage } = played;
    const pubacks = calm.phases.find(({ name }) => name === 'storm')?.delays;
    if (!pubacks) throw new Error('nothing was measured');
    const [alarm, puback] = [summarize(onScreens.delays), summarize(pubacks)];
    return {
      lines: linesOf({ alarms, alarm, puback, stormed, drainedAfterMs, peakMiB }, context).map((line) => ({
        ...line,
        ...limitedBy(usage),
      })),
      plots: [plotOf(played, pubacks, context.large.beds)],
      detail: { ...stormed, ackedByDevice: undefined, drainedAfterMs, peakMiB, usage },
    };
  });

/** Resolves when all have caught up, with the most memory that the station had meanwhile. */
const passStorm = async (context: RowContext, stage: Stage, storm: Storm): Promise<number> => {
  const { beds } = context.large;
  const until = performance.now() + PATIENCE_MS;
  let peakMiB = 0;
  for (;;) {
    const { connected = 0, caughtUp = 0, lost = 0 } = storm.latest() ?? {};
    peakMiB = Math.max(peakMiB, await readMemoryMiB(stage.station().pid));
    context.progress(caughtUp, beds, `${connected} connected, ${caughtUp} caught up, ${lost} connections lost`);
    if (caughtUp === beds && connected === beds) return peakMiB;
    if (performance.now() > until) throw new Error(`after ${PATIENCE_MS / 60_000} minutes ${caughtUp} have caught up`);
    await sleep(500);
  }
};

type Outcome = {
  readonly alarms: number;
  readonly alarm: ReturnType<typeof summarize>;
  readonly puback: ReturnType<typeof summarize>;
  readonly stormed: Awaited<ReturnType<Storm['finish']>>;
  readonly drainedAfterMs: number;
  readonly peakMiB: number;
};

const linesOf = (
  { alarms, alarm, puback, stormed, drainedAfterMs, peakMiB }: Outcome,
  { large: { beds } }: RowContext,
): Line[] => {
  const where = `storm of ${beds} devices`;
  const seconds = (ms: number | undefined): number => (ms ?? Number.NaN) / 1_000;
  const live = summarize(stormed.live);
  const lost = Object.entries(stormed.lostFor).map(([reason, count]) => `${count} connections lost (${reason})`);
  return [
    {
      what: `${where}, publish → alarm frame p99 of ${CALM_BEDS} others`,
      measured: alarm.p99,
      unit: 'ms',
      budget: { atMost: BUDGET_ALARM_MS },
      note: `each of ${alarms} alarms once on each of ${SCREENS} screens; p50 ${alarm.p50.toFixed(0)}, max ${alarm.max.toFixed(0)} ms`,
    },
    {
      what: `${where}, publish → PUBACK p99 of ${CALM_BEDS} others`,
      measured: puback.p99,
      unit: 'ms',
      budget: { atMost: BUDGET_PUBACK_MS },
      note: `p50 ${puback.p50.toFixed(1)}, max ${puback.max.toFixed(0)} ms`,
    },
    {
      what: `${where}, until all are connected`,
      measured: seconds(stormed.allConnectedAfterMs),
      unit: 's',
      note: [`they come within ${WITHIN_MS / 1_000} s`, ...lost].join('; '),
    },
    {
      what: `${where}, until each backlog of ${BACKLOG_MESSAGES} messages is acknowledged`,
      measured: seconds(stormed.allCaughtUpAfterMs),
      unit: 's',
      note: `in batches of ${BATCH_MESSAGES}; their live messages meanwhile p50 ${live.p50.toFixed(0)}, p99 ${live.p99.toFixed(0)} ms; memory at most ${peakMiB.toFixed(0)} MiB`,
    },
    {
      what: `${where}, until all is in the database`,
      measured: seconds(drainedAfterMs),
      unit: 's',
      note: 'nothing acknowledged is missing',
    },
  ];
};
