import { FEVER_ALARM, FEVER_BODY, VITALS_A_MESSAGE } from '../load/packets.ts';
import { dueBetween, faultsOf } from '../support/alarm-faults.ts';
import { percentileCurve, summarize } from '../support/histogram.ts';
import { limitedBy, observe } from '../support/observe.ts';
import { readMemoryMiB } from '../support/processes.ts';
import type { Line, Row, RowContext } from '../support/row.ts';
import { onStage, type Publisher, pass, type Stage, WARM_UP_SECONDS } from '../support/stage.ts';
import { killOnce } from './restart.ts';

/**
 * A large hospital on one station: 10,000 beds, each with a message a second, alarms and screens, for ten minutes. Each
 * screen shows a thousand of the beds and all screens together show each bed five times. It is held when nothing piles up
 * and the memory does not grow.
 */

const SCREENS = 50;
/** Beds that one screen shows. */
const BEDS_A_SCREEN = 1_000;
const ALARMS_A_SECOND = 20;
const BUDGET_PUBACK_MS = 50;
const BUDGET_ALARM_MS = 25;
const BUDGET_RESTART_MS = 5_000;
/** Readings on their way to the database, in seconds of load. */
const BUDGET_WAITING_SECONDS = 2;
/** Of the memory in the middle. */
const BUDGET_GROWTH = 1.1;
/** Each bed's first message makes its series and its alarm state. */
const SETTLE_SECONDS = 15;
const TAIL_SECONDS = 2;

type Held = Awaited<ReturnType<typeof holdLoad>>;

const readWaitingSeconds = async (stage: Stage, publisher: Publisher, beds: number): Promise<number> => {
  const sent = publisher.latest()?.sent ?? 0;
  const stored = (await stage.station().metrics()).total('wardwatch_readings_stored_total');
  return Math.max(0, sent - stored / VITALS_A_MESSAGE) / beds;
};

/** The steady phase in two halves, so that the memory is known in the middle. */
const holdLoad = async (context: RowContext, stage: Stage, publisher: Publisher) => {
  const { beds, seconds } = context.large;
  const unitsEach = Math.ceil((stage.ward.units.length * BEDS_A_SCREEN) / beds);
  await pass(SETTLE_SECONDS, 'settling', context, publisher);
  context.progress(0, SCREENS, `opening ${SCREENS} screens`);
  const screens = await stage.watchAlarms({ screens: SCREENS, kind: FEVER_ALARM, unitsEach });
  const integration = await stage.hearAlarms({ kind: FEVER_ALARM });
  await pass(WARM_UP_SECONDS, 'warming up', context, publisher);
  const { pid } = stage.station();
  publisher.send({ command: 'phase', name: 'held' });
  const fromMs = Date.now();
  const untilMs = fromMs + seconds * 1_000;
  for (const listener of [screens, integration]) listener.send({ command: 'measure', fromMs, untilMs });
  const used = await observe(stage.database);
  const memoryMiB = [await readMemoryMiB(pid)];
  for (const half of ['first half', 'second half']) {
    await pass(seconds / 2, `${beds} beds × 1 Hz, ${half}`, context, publisher);
    memoryMiB.push(await readMemoryMiB(pid));
  }
  const usage = await used();
  const waitingSeconds = await readWaitingSeconds(stage, publisher, beds);
  publisher.send({ command: 'phase', name: 'after' });
  await pass(TAIL_SECONDS, 'the last alarms', context, publisher);
  const [onScreens, atIntegration] = await Promise.all([screens.finish(), integration.finish()]);
  // Of a ward that does not divide evenly some units are on one screen more.
  const listeners = Math.floor((SCREENS * unitsEach) / stage.ward.units.length);
  return { fromMs, untilMs, usage, memoryMiB, waitingSeconds, onScreens, atIntegration, listeners };
};

export const measureLarge: Row = (context) =>
  onStage(context, context.large.beds, async (stage) => {
    const { beds } = context.large;
    const publisher = await stage.publish({
      messagesPerSecond: beds,
      excursions: { body: FEVER_BODY, everyMessages: Math.max(2, Math.round(beds / ALARMS_A_SECOND)) },
    });
    const held = await holdLoad(context, stage, publisher);
    const { excursions, phases, ownLatenessMs } = await publisher.finish();
    const due = dueBetween(excursions, stage.ward.bedIds, held.fromMs, held.untilMs);
    const faults = [
      ...faultsOf(due, held.onScreens, held.listeners).map((fault) => `${fault} on the screens`),
      ...faultsOf(due, held.atIntegration, 1).map((fault) => `${fault} at the integration`),
    ];
    if (due.length === 0) faults.push('no alarm was due');
    if (faults.length > 0) throw new Error(`${due.length} alarms: ${faults.join('; ')}`);
    const phase = phases.find(({ name }) => name === 'held');
    if (!phase) throw new Error('nothing was measured');
    const restart = await killOnce({ ...context, beds }, stage, 0);
    if (restart.missing > 0) throw new Error(`${restart.missing} acknowledged readings are missing after a kill -9`);
    return {
      lines: [...linesOf(held, phase, due.length, context), restartLine(restart, beds)],
      plots: [
        {
          title: `${beds} beds`,
          kind: 'percentiles',
          xLabel: 'of messages and alarms',
          yLabel: 'ms',
          curves: Object.entries({
            'publish → PUBACK': phase.delays,
            'publish → alarm frame': held.onScreens.delays,
          }).map(([name, delays]) => ({
            name,
            points: percentileCurve(delays).map(({ share, ms }): [number, number] => [share, ms]),
          })),
          budget: BUDGET_PUBACK_MS,
        },
      ],
      detail: {
        ...held,
        onScreens: held.onScreens.delays,
        atIntegration: held.atIntegration.delays,
        restart,
        ownLatenessMs,
      },
    };
  });

const linesOf = (
  { usage, memoryMiB, waitingSeconds, onScreens, atIntegration, listeners }: Held,
  { sent, delays }: { sent: number; delays: Held['onScreens']['delays'] },
  alarms: number,
  { large: { beds, seconds } }: RowContext,
): Line[] => {
  const where = `${beds} beds × 1 Hz × ${VITALS_A_MESSAGE} vitals`;
  const puback = summarize(delays);
  const alarm = summarize(onScreens.delays);
  const [start = 0, middle = 0, end = 0] = memoryMiB;
  return [
    {
      what: `publish → PUBACK p99, ${where}`,
      measured: puback.p99,
      unit: 'ms',
      budget: { atMost: BUDGET_PUBACK_MS },
      note: `${seconds} s with alarms and ${SCREENS} screens; p50 ${puback.p50.toFixed(1)}, max ${puback.max.toFixed(0)} ms, ${puback.count} of ${sent} acknowledged`,
      ...limitedBy(usage),
    },
    {
      what: `publish → alarm frame p99, ${where}`,
      measured: alarm.p99,
      unit: 'ms',
      budget: { atMost: BUDGET_ALARM_MS },
      note: `each of ${alarms} alarms once on each of ${listeners} screens that show the bed; p50 ${alarm.p50.toFixed(0)}, max ${alarm.max.toFixed(0)} ms; MQTT p99 ${summarize(atIntegration.delays).p99.toFixed(0)} ms`,
    },
    {
      what: `readings on their way to the database at the end, ${where}`,
      measured: waitingSeconds,
      unit: 's of load',
      budget: { atMost: BUDGET_WAITING_SECONDS },
    },
    {
      what: `memory of the station at the end by that in the middle, ${where}`,
      measured: end / middle,
      unit: '',
      budget: { atMost: BUDGET_GROWTH },
      note: `resident ${start.toFixed(0)} MiB at the start, ${middle.toFixed(0)} in the middle, ${end.toFixed(0)} at the end`,
    },
  ];
};

const restartLine = (
  { caughtUpAfterMs, readyAfterMs, usage }: Awaited<ReturnType<typeof killOnce>>,
  beds: number,
): Line => ({
  what: `kill -9 under ${beds} messages/s, start → ready and caught up`,
  measured: caughtUpAfterMs,
  unit: 'ms',
  budget: { atMost: BUDGET_RESTART_MS },
  note: `ready after ${readyAfterMs.toFixed(0)} ms; no acknowledged reading missing`,
  ...limitedBy(usage),
});
