import type { VitalInput } from '#contracts/mqtt/messages.ts';
import type { AlarmEvent, VitalReading } from '#domain/alarms/alarm.ts';
import { step } from '#domain/alarms/engine.ts';
import { type AlarmConfig, override } from '#domain/alarms/settings.ts';
import { initialState } from '#domain/alarms/state.ts';
import { type AgeGroup, VITAL_IDS, type VitalId, vital } from '#domain/vitals.ts';
import { createBed } from '../../../../simulators/bed.ts';
import type { Outgoing } from '../../../../simulators/device-client.ts';
import { createFaults, type FaultRates } from '../../../../simulators/faults.ts';
import { createRandom } from '../../../../simulators/random.ts';
import { SCENARIO_NAMES } from '../../../../simulators/scenarios/scenarios.ts';
import { type Message, naiveAlarms, type Seconds, sortTold, type Told } from './naive.ts';
import { rules1 } from './rules-1.ts';
import { START } from './test-bed.ts';

const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3_600;

/** A whole day of each bed takes minutes: with `WHOLE_DAY` set, as `.ci/full` does. */
const WATCHED_SECONDS = process.env.WHOLE_DAY ? DAY_SECONDS : 6 * HOUR_SECONDS;

const QUALITIES: Readonly<Record<string, number>> = { good: 0, questionable: 1, invalid: 2 };

/** A vital as devices send it, as the engine takes it. */
export const toReading = (id: VitalId, input: VitalInput): VitalReading => {
  const { value, quality } = typeof input === 'object' && input !== null ? input : { value: input, quality: 'good' };
  return { mdc: vital(id).mdc, value: value ?? Number.NaN, quality: QUALITIES[quality ?? 'good'] ?? 0 };
};

/** Nothing, a bad network, a cable that breaks, and a clock that is off: beds take them in turn. */
const FAULTS: readonly FaultRates[] = [
  {},
  { drop: 0.02, duplicate: 0.01, delay: 0.01, reorder: 0.01 },
  { disconnect: 0.000_6 },
  { drop: 0.3, delay: 0.05, clockOffsetMs: -2_400 },
];
const AGES: readonly AgeGroup[] = ['adult', 'adult', 'paediatric', 'neonatal', 'adult'];

/** By the bed's number: who is in it, what happens there, and by which settings it is watched. */
export const bedPlan = (bed: number) => {
  const age = AGES[bed % AGES.length] ?? 'adult';
  const isStrict = bed % 3 === 2;
  const config: AlarmConfig = isStrict
    ? override(rules1(age), {
        latching: { medium: true },
        sensorOffDelayMs: 7_000,
        signalPoorDelayMs: 12_000,
        silentAfterMs: { continuous: 12_000 },
        asystoleDelayMs: 6_000,
        vitals: { spo2: { delayMs: 3_000, extremeDelayMs: 20_000 }, 'heart-rate': { hysteresis: 0 } },
      })
    : rules1(age);
  return {
    age,
    config,
    scenario: SCENARIO_NAMES[bed % SCENARIO_NAMES.length] ?? 'stable',
    faults: FAULTS[Math.floor(bed / SCENARIO_NAMES.length) % FAULTS.length] ?? {},
  };
};

/** The ECG is unplugged for two minutes an hour: the monitor says nothing of the heart. */
const isUnplugged = (bed: number, second: number): boolean => bed % 3 === 1 && second % HOUR_SECONDS < 120;

/** What arrives from a simulated bed, second by second. Behind a cut link messages wait and then come all at once. */
export const simulateBed = (bed: number, forSeconds: number): Seconds => {
  const { age, scenario, faults: rates } = bedPlan(bed);
  const simulated = createBed({ seed: bed, profile: age, scenario, waves: false });
  let second = 0;
  let isCut = false;
  const waiting: Message[] = [];
  let arrived: Message[] = [];
  const clock = { now: () => START + second * 1_000 };
  const faults = createFaults({ rates, random: createRandom(bed).fork('faults'), clock });
  faults.attach({
    cut: () => {
      isCut = true;
    },
    restore: () => {
      isCut = false;
      arrived.push(...waiting.splice(0));
    },
  });
  // One object for as long as a vital says the same: a day has a million readings, all kept until it is judged.
  const newest = new Map<VitalId, VitalReading>();
  const read = (id: VitalId, input: VitalInput): VitalReading => {
    const reading = toReading(id, input);
    const before = newest.get(id);
    if (before && Object.is(before.value, reading.value) && before.quality === reading.quality) return before;
    newest.set(id, reading);
    return reading;
  };
  const send = faults.through(({ message }: Outgoing) => {
    const readings: VitalReading[] = [];
    for (const id of VITAL_IDS) {
      const input = 'vitals' in message ? message.vitals[id] : undefined;
      if (input !== undefined) readings.push(read(id, input));
    }
    (isCut ? waiting : arrived).push({ time: message.time, readings });
  });
  const seconds: Message[][] = [];
  for (; second < forSeconds; second++) {
    faults.tick();
    const { vitals: all } = simulated.nextSecond();
    const { 'heart-rate': _, ...others } = all;
    const vitals = isUnplugged(bed, second) ? others : all;
    send({ channel: 'vitals', message: { time: clock.now(), vitals, boot: 'one', seq: second } });
    seconds.push(arrived);
    arrived = [];
  }
  return seconds;
};

/** A nurse looks after what is latched once an hour. */
export const isRound = (second: number): boolean => second % HOUR_SECONDS === HOUR_SECONDS - 1;

const toTold = (events: readonly AlarmEvent[]): Told[] =>
  events.flatMap((event) =>
    'alarm' in event
      ? [{ at: event.at, type: event.type, kind: event.alarm.kind, condition: event.alarm.condition }]
      : [],
  );

/** What the engine says to it, without a single tick but the last. */
export const engineAlarms = (
  seconds: Seconds,
  config: AlarmConfig,
  { start = START, isReset = () => false as boolean }: { start?: number; isReset?: (second: number) => boolean } = {},
): Told[] => {
  const told: Told[] = [];
  let state = initialState('bed');
  const take = (event: Parameters<typeof step>[1]) => {
    const result = step(state, event, config);
    state = result.state;
    if (result.events.length > 0) told.push(...toTold(result.events));
  };
  for (let second = 0; second < seconds.length; second++) {
    const at = start + second * 1_000;
    for (const { time, readings } of seconds[second] ?? []) take({ type: 'vitals', at, time, readings });
    if (isReset(second)) take({ type: 'reset', at, by: 'Ada', alarm: null });
  }
  // What was due in the last second happens after it.
  take({ type: 'tick', at: start + (seconds.length - 1) * 1_000 + 1 });
  return told;
};

/** A hundred beds in four test files, for as many cores. Neighbours stay together: they have each scenario in turn. */
const BEDS_A_SHARD = 25;
export const bedsOfShard = (shard: number): number[] =>
  Array.from({ length: BEDS_A_SHARD }, (_, place) => (shard - 1) * BEDS_A_SHARD + place);

/** Types and conditions of what was told. */
export type Seen = Set<string>;

export const compareDay = (bed: number, seen: Seen): { engine: readonly Told[]; naive: readonly Told[] } => {
  const { config } = bedPlan(bed);
  const seconds = simulateBed(bed, WATCHED_SECONDS);
  const engine = sortTold(engineAlarms(seconds, config, { isReset: isRound }));
  for (const { type, condition } of engine) seen.add(type).add(condition);
  return { engine, naive: naiveAlarms(seconds, { start: START, config, isReset: isRound }) };
};
