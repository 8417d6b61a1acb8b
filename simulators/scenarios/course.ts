import { BODY_KEYS, type BodyKey, type BodyState, WANDER } from '../profiles.ts';
import type { Random } from '../random.ts';
import { recordOf } from '../records.ts';
import type { Scenario, ScenarioRow, Sensors } from './scenario.ts';

export type Moment = { readonly body: BodyState; readonly sensors: Sensors };

type FullRow = {
  readonly minute: number;
  readonly times: Readonly<Record<BodyKey, number>>;
  readonly plus: Readonly<Record<BodyKey, number>>;
} & Sensors;

const START: FullRow = {
  minute: 0,
  times: recordOf(BODY_KEYS, () => 1),
  plus: recordOf(BODY_KEYS, () => 0),
  noise: 0,
  spo2Probe: 'on',
  numbers: 'live',
  rhythm: 'sinus',
};

const carryForward = (rows: readonly ScenarioRow[]): FullRow[] => {
  let before = START;
  return rows.map((row) => {
    before = { ...before, ...row, times: { ...before.times, ...row.times }, plus: { ...before.plus, ...row.plus } };
    return before;
  });
};

const between = (from: number, to: number, part: number): number => from + (to - from) * part;

const WANDER_PERIODS_S = [67, 190, 610] as const;

type Wander = (seconds: number) => number;

/** Each value follows its own course. Called ten times a second for every bed: no closures and no arrays within. */
const createWander = (random: Random): Readonly<Record<BodyKey, Wander>> => {
  const [fast, slow, slowest] = WANDER_PERIODS_S;
  const wanderOf = (key: BodyKey): Wander => {
    const phase = () => random.between(0, 2 * Math.PI);
    const [first, second, third] = [phase(), phase(), phase()];
    return (seconds) => {
      const angle = 2 * Math.PI * seconds;
      const sum = Math.sin(angle / fast + first) + Math.sin(angle / slow + second) + Math.sin(angle / slowest + third);
      return 1 + (WANDER[key] * sum) / WANDER_PERIODS_S.length;
    };
  };
  return recordOf(BODY_KEYS, wanderOf);
};

/** What a patient with this resting state goes through in this scenario, at any moment from its start. */
export const createCourse = ({
  resting,
  scenario,
  random,
}: {
  resting: BodyState;
  scenario: Scenario;
  random: Random;
}) => {
  const rows = carryForward(scenario.rows);
  const wander = createWander(random);
  const period = scenario.repeatsAfterMinutes ?? Infinity;
  return (atMs: number): Moment => {
    const minute = Math.max(0, atMs / 60_000) % period;
    let index = rows.length - 1;
    while (index > 0 && (rows[index]?.minute ?? 0) > minute) index--;
    const row = rows[index] ?? START;
    const next = rows[index + 1] ?? row;
    const part = next.minute > row.minute ? (minute - row.minute) / (next.minute - row.minute) : 0;
    const body: { -readonly [Key in BodyKey]: number } = { ...resting };
    for (const key of BODY_KEYS) {
      const times = between(row.times[key], next.times[key], part);
      const plus = between(row.plus[key], next.plus[key], part);
      body[key] = resting[key] * times * wander[key](atMs / 1_000) + plus;
    }
    const { spo2Probe, numbers, rhythm } = row;
    return { body, sensors: { noise: between(row.noise, next.noise, part), spo2Probe, numbers, rhythm } };
  };
};
