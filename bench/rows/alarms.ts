import { type Onsets, OWN_ALARMS } from '../load/onsets.ts';
import { FEVER_ALARM, FEVER_BODY } from '../load/packets.ts';
import type { Excursion, PublishResult } from '../load/publish.ts';
import { dueBetween, faultsOf } from '../support/alarm-faults.ts';
import { type HistogramData, percentileCurve, summarize } from '../support/histogram.ts';
import type { Usage } from '../support/limit.ts';
import { type Metrics, quantileEdge } from '../support/metrics.ts';
import { limitedBy, observe } from '../support/observe.ts';
import type { Line, Plot, Row, RowContext } from '../support/row.ts';
import { onStage, type Publisher, pass, type Stage, WARM_UP_SECONDS } from '../support/stage.ts';

/**
 * publish → alarm frame: from when the reading that decides an alarm is due to be sent until a screen has the frame that
 * says so. Each second some of the beds send one reading of fever and a normal one after it. By the settings that every
 * adult has, that limit has no delay and does not latch, so each of these readings is one onset and nothing else is waited
 * for; what is decided, stored and announced of it is the same for every alarm. An alarm that a screen did not get, or
 * got twice, is no slow alarm but a fault: then there is no result.
 */

const SCREENS = 50;
const BUDGET_MS = 25;
const ALARMS_A_SECOND = 20;
/** How long the last alarms of the measured time are waited for. */
const TAIL_SECONDS = 2;

const STAGES = ['received to decided', 'decided to published'] as const;

/** Who decides the alarm: the station, by a reading, or the monitor, which reports it. */
type AlarmsBy = 'reading' | 'monitor';

const KINDS = { reading: FEVER_ALARM, monitor: OWN_ALARMS } as const satisfies Record<AlarmsBy, string>;
const PATHS = {
  reading: 'publish → alarm frame',
  monitor: "monitor's own alarm → alarm frame",
} as const satisfies Record<AlarmsBy, string>;

type Trial = { readonly name: string; readonly by: AlarmsBy; readonly isStopped: boolean };

/** The database stops last: when it is back it has a backlog to take. */
const TRIALS: readonly Trial[] = [
  { name: 'database up', by: 'reading', isStopped: false },
  { name: "database up, monitors' own", by: 'monitor', isStopped: false },
  { name: 'database stopped', by: 'reading', isStopped: true },
  { name: "database stopped, monitors' own", by: 'monitor', isStopped: true },
];

type Outcome = Trial & {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly screens: Onsets;
  readonly integration: Onsets;
  readonly stageP99Ms: Readonly<Record<string, number>>;
  readonly usage: Usage;
};

/** `pubacks`: of all messages of that time, which wait for the same flush to disk. */
type Checked = Outcome & { readonly alarms: number; readonly pubacks: HistogramData | undefined };

export const measureAlarms: Row = (context) =>
  onStage(context, context.beds, async (stage) => {
    const { beds, server } = context;
    const publisher = await stage.publish({
      messagesPerSecond: beds,
      excursions: { body: FEVER_BODY, everyMessages: Math.max(2, Math.round(beds / ALARMS_A_SECOND)) },
      alarmTopics: stage.ward.publishers('alarms').map(({ topic }) => topic),
    });
    const outcomes: Outcome[] = [];
    for (const trial of TRIALS) {
      if (trial.isStopped && !server.freeze) continue;
      outcomes.push(await measure(context, stage, publisher, trial));
    }
    const result = await publisher.finish();
    const checked = outcomes.map((outcome) => checkedBy(result, outcome, stage.ward.bedIds));
    return {
      lines: checked.map((outcome) => lineOf(outcome, context)),
      plots: [plotOf(outcomes)],
      detail: {
        outcomes: checked.map(({ screens, integration, ...outcome }) => ({
          ...outcome,
          screens: screens.delays,
          integration: integration.delays,
        })),
      },
    };
  });

const checkedBy = ({ excursions, ownAlarms, phases }: PublishResult, outcome: Outcome, bedIds: readonly string[]) => ({
  ...outcome,
  alarms: check(outcome, outcome.by === 'reading' ? excursions : ownAlarms, bedIds),
  pubacks: phases.find(({ name }) => name === outcome.name)?.delays,
});

const plotOf = (outcomes: readonly Outcome[]): Plot => ({
  title: PATHS.reading,
  kind: 'percentiles',
  xLabel: 'of alarms',
  yLabel: 'ms',
  curves: outcomes.flatMap(({ name, screens, integration }) =>
    Object.entries({ screens, MQTT: integration }).map(([listener, { delays }]) => ({
      name: `${listener}, ${name}`,
      points: percentileCurve(delays).map(({ share, ms }): [number, number] => [share, ms]),
    })),
  ),
  budget: BUDGET_MS,
});

const measure = async (
  context: RowContext,
  stage: Stage,
  publisher: Publisher,
  { name, by, isStopped }: Trial,
): Promise<Outcome> => {
  context.progress(0, SCREENS, `opening ${SCREENS} screens`);
  const watchers = [
    await stage.watchAlarms({ screens: SCREENS, kind: KINDS[by] }),
    await stage.hearAlarms({ kind: KINDS[by] }),
  ] as const;
  // The measurement begins once the screens have signed in and joined, which is not part of it.
  const frozen = isStopped ? await context.server.freeze?.() : undefined;
  if (frozen) stage.atEnd('frozen database', frozen.thaw);
  publisher.send({ command: 'alarms', by });
  await pass(WARM_UP_SECONDS, 'warming up', context, publisher);
  const before = await stage.station().metrics();
  publisher.send({ command: 'phase', name });
  const fromMs = Date.now();
  const untilMs = fromMs + context.seconds * 1_000;
  for (const watcher of watchers) watcher.send({ command: 'measure', fromMs, untilMs });
  const used = await observe(stage.database);
  await pass(context.seconds, `${PATHS[by]}, ${name}`, context, publisher);
  publisher.send({ command: 'phase', name: 'between' });
  const usage = await used();
  await pass(TAIL_SECONDS, 'the last alarms', context, publisher);
  // The station times the stages of the alarms that it decides.
  const stageP99Ms = by === 'reading' ? stagesBetween(before, await stage.station().metrics()) : {};
  const [screens, integration] = await Promise.all([watchers[0].finish(), watchers[1].finish()]);
  await frozen?.thaw();
  return { name, by, isStopped, fromMs, untilMs, screens, integration, stageP99Ms, usage };
};

const stagesBetween = (before: Metrics, after: Metrics): Record<string, number> =>
  Object.fromEntries(
    STAGES.map((stage) => {
      const [earlier, later] = [before, after].map((metrics) =>
        metrics.histogram('wardwatch_alarm_stage_seconds', { stage, priority: 'medium' }),
      );
      return [stage, earlier && later ? 1_000 * quantileEdge(earlier, later, 0.99) : Number.NaN];
    }),
  );

/** How many alarms there were. Throws unless each was heard once by every screen and by the integration. */
const check = (outcome: Outcome, excursions: readonly Excursion[], bedIds: readonly string[]): number => {
  const { name, fromMs, untilMs } = outcome;
  const due = dueBetween(excursions, bedIds, fromMs, untilMs);
  const faults = [
    ...faultsOf(due, outcome.screens, SCREENS).map((fault) => `${fault} on the ${SCREENS} screens`),
    ...faultsOf(due, outcome.integration, 1).map((fault) => `${fault} at the integration`),
  ];
  if (due.length === 0) faults.push('no alarm was due');
  if (faults.length > 0) throw new Error(`${name}, ${due.length} alarms: ${faults.join('; ')}`);
  return due.length;
};

const lineOf = (
  { by, isStopped, alarms, pubacks, screens, integration, stageP99Ms, usage }: Checked,
  { beds }: RowContext,
): Line => {
  const { p50, p99, max } = summarize(screens.delays);
  const mqtt = summarize(integration.delays);
  const stages = Object.entries(stageP99Ms).map(([stage, ms]) => `${stage.replace(' to ', ' → ')} ≤ ${ms} ms`);
  return {
    what: `${PATHS[by]} p99, ${beds} beds × 1 Hz, ${ALARMS_A_SECOND} alarms/s, ${SCREENS} screens, database ${isStopped ? 'stopped' : 'up'}`,
    measured: p99,
    unit: 'ms',
    budget: { atMost: BUDGET_MS },
    note: `p50 ${p50.toFixed(0)}, max ${max.toFixed(0)} ms, each of ${alarms} alarms once on every screen; MQTT p99 ${mqtt.p99.toFixed(0)}, max ${mqtt.max.toFixed(0)} ms; PUBACK p99 ${pubacks ? summarize(pubacks).p99.toFixed(0) : '?'} ms${stages.length === 0 ? '' : `; p99 by /metrics: ${stages.join(', ')}`}`,
    ...limitedBy(usage),
  };
};
