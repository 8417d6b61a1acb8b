import type { AskCommand, Asked, AskJob, Question } from '../load/ask.ts';
import { FEVER_ALARM, FEVER_BODY } from '../load/packets.ts';
import { summarize } from '../support/histogram.ts';
import { fillHistory, type History } from '../support/history.ts';
import { watchCpu } from '../support/machine.ts';
import type { Line, Row, RowContext } from '../support/row.ts';
import { onStage, type Publisher, pass, type Stage, WARM_UP_SECONDS } from '../support/stage.ts';
import { startWorker, type Worker } from '../support/worker.ts';

/**
 * The ward beside those who ask of the past: ten exports of a day, a what-if over 200 beds and twenty trends of seven days,
 * again and again. Times with and without them take turns, now one first and now the other, so that what else this machine
 * does meets both alike. What counts is the ratio of two that follow each other, of which the median is told.
 */

const MOST_RATIO = 1.2;
const ROUNDS = 4;
const EXPORTS = 10;
const SHORT_MS = 600_000;
const TRENDS = 20;
const SCREENS = 10;
const ALARMS_A_SECOND = 20;
/** How long the last alarms of a measured time are waited for. */
const TAIL_SECONDS = 2;

/** The timer by which Node samples the delay of its event loop; prom-client's gauges contain it. */
const SAMPLING_MS = 10;

const ASK = new URL('../load/ask.ts', import.meta.url);

type Asker = Worker<AskCommand, never, { readonly asked: Asked; readonly faults: number }>;

const QUANTITIES = ['event-loop delay', 'PUBACK', 'publish → alarm frame'] as const;
type Quantity = (typeof QUANTITIES)[number];

type Phase = {
  readonly name: string;
  readonly isAsked: boolean;
  readonly loopP99Ms: number;
  readonly alarmP99Ms: number;
  readonly cpuPercent: Readonly<Record<string, number>>;
};

type Measured = Phase & { readonly pubackP99Ms: number };

const P99_OF = {
  'event-loop delay': ({ loopP99Ms }) => loopP99Ms,
  PUBACK: ({ pubackP99Ms }) => pubackP99Ms,
  'publish → alarm frame': ({ alarmP99Ms }) => alarmP99Ms,
} as const satisfies Record<Quantity, (phase: Measured) => number>;

export const measureBeside: Row = (context) =>
  onStage(context, context.beds, async (stage) => {
    const history = await fillHistory(stage.database, stage.ward.bedIds, context);
    const publisher = await stage.publish({
      messagesPerSecond: context.beds,
      excursions: { body: FEVER_BODY, everyMessages: Math.max(2, Math.round(context.beds / ALARMS_A_SECOND)) },
    });
    const asker: Asker = startWorker(ASK, {
      http: stage.station().http,
      token: await stage.station().token('operator'),
      questions: questionsOf(stage, history),
    } satisfies AskJob);
    stage.atEnd('askers', asker.kill);
    await asker.ready;
    const phases: Phase[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      for (const isAsked of round % 2 === 0 ? [false, true] : [true, false]) {
        phases.push(await measure(context, stage, publisher, asker, isAsked, round));
      }
    }
    const { asked, faults } = await asker.finish();
    const result = await publisher.finish();
    const measured = phases.map((phase): Measured => {
      const delays = result.phases.find(({ name }) => name === phase.name)?.delays;
      return { ...phase, pubackP99Ms: delays ? summarize(delays).p99 : Number.NaN };
    });
    if (faults > 0) throw new Error(`${faults} questions failed`);
    return {
      lines: QUANTITIES.map((quantity) => lineOf(quantity, measured, asked, context)),
      plots: [],
      detail: { measured, asked, history },
    };
  });

const questionsOf = (stage: Stage, { bed, vitals, fromMs, toMs, trendFromMs }: History): Question[] => {
  const range = (sinceMs: number) =>
    new URLSearchParams({ from: new Date(sinceMs).toISOString(), to: new Date(toMs).toISOString() });
  const [first = '', second = first] = stage.ward.units;
  const whatIf = (unit: string): Question => ({
    name: `what-if, ${unit}`,
    path: `/api/v1/units/${unit}/what-if`,
    body: { overrides: { vitals: { 'heart-rate': { low: 40 } } } },
    askers: 1,
  });
  return [
    { name: 'exports', path: `/api/v1/beds/${bed}/recording.edf?${range(fromMs)}`, askers: EXPORTS },
    // These come to their bytes in the time of a phase; those of a day look for a while before.
    { name: 'short exports', path: `/api/v1/beds/${bed}/recording.edf?${range(toMs - SHORT_MS)}`, askers: 2 },
    {
      name: 'trends',
      path: `/api/v1/beds/${bed}/trends?${range(trendFromMs)}&vitals=${vitals.join(',')}`,
      askers: TRENDS,
    },
    whatIf(first),
    whatIf(second),
  ];
};

const measure = async (
  context: RowContext,
  stage: Stage,
  publisher: Publisher,
  asker: Asker,
  isAsked: boolean,
  round: number,
): Promise<Phase> => {
  const name = `${isAsked ? 'with' : 'without'} askers, ${round + 1}`;
  const watcher = await stage.watchAlarms({ screens: SCREENS, kind: FEVER_ALARM });
  asker.send({ command: isAsked ? 'ask' : 'leave' });
  await pass(WARM_UP_SECONDS, 'warming up', context, publisher);
  // Reading the gauges begins their next measurement.
  await stage.station().metrics();
  publisher.send({ command: 'phase', name });
  const fromMs = Date.now();
  watcher.send({ command: 'measure', fromMs, untilMs: fromMs + context.seconds * 1_000 });
  const { pid } = stage.station();
  const cpu = watchCpu({ loop: `${pid}/task/${pid}`, station: pid, askers: asker.pid });
  await pass(context.seconds, name, context, publisher);
  const metrics = await stage.station().metrics();
  publisher.send({ command: 'phase', name: 'between' });
  const cpuPercent = await cpu();
  asker.send({ command: 'leave' });
  await pass(TAIL_SECONDS, 'the last alarms', context, publisher);
  const { delays } = await watcher.finish();
  return {
    name,
    isAsked,
    loopP99Ms: metrics.total('nodejs_eventloop_lag_p99_seconds') * 1_000 - SAMPLING_MS,
    alarmP99Ms: summarize(delays).p99,
    cpuPercent,
  };
};

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((one, other) => one - other);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
};

/** What a busy machine does not change: of a core, the thread of the event loop, and all of the station. */
const cpuText = (phases: readonly Measured[]): string => {
  const of = (name: string, isAsked: boolean) =>
    median(phases.filter((phase) => phase.isAsked === isAsked).map(({ cpuPercent }) => cpuPercent[name] ?? Number.NaN));
  return ['loop', 'station'].map((name) => `${name} ${of(name, true)}% with, ${of(name, false)}% without`).join(', ');
};

const lineOf = (quantity: Quantity, phases: readonly Measured[], asked: Asked, { beds }: RowContext): Line => {
  const of = (isAsked: boolean) => phases.filter((phase) => phase.isAsked === isAsked).map(P99_OF[quantity]);
  const without = of(false);
  const ratios = of(true).map((ms, round) => ms / (without[round] ?? Number.NaN));
  const text = (values: readonly number[]) => values.map((ms) => ms.toFixed(1)).join(', ');
  const answers = Object.entries(asked).map(
    ([name, { answered, refused, megabytes }]) =>
      `${name}: ${answered} answered, ${refused} refused, ${megabytes.toFixed(0)} MB`,
  );
  return {
    what: `${quantity} p99, ${beds} beds × 1 Hz, ${EXPORTS} exports, a what-if and ${TRENDS} trends beside, of the same without`,
    measured: median(ratios),
    unit: '',
    budget: { atMost: MOST_RATIO },
    note: `with ${text(of(true))} ms; without ${text(without)} ms; ${cpuText(phases)}; ${answers.join('; ')}`,
  };
};
