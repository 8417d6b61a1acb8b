import { BODY_KEYS, type BodyKey, type BodyState } from '../profiles.ts';
import type { Random } from '../random.ts';
import type { Scenario, ScenarioRow, Sensors } from './scenario.ts';

export type Moment = { readonly body: BodyState; readonly sensors: Sensors };

type FullRow = {
  readonly minute: number;
  readonly times: Readonly<Record<BodyKey, number>>;
  readonly plus: Readonly<Record<BodyKey, number>>;
} & Sensors;

const everyKey = (value: number) => Object.fromEntries(BODY_KEYS.map((key) => [key, value])) as Record<BodyKey, number>;

const START: FullRow = { minute: 0, times: everyKey(1), plus: everyKey(0), noise: 0, spo2Probe: 'on' };

const carryForward = (rows: readonly ScenarioRow[]): FullRow[] => {
  let before = START;
  return rows.map((row) => {
    before = { ...before, ...row, times: { ...before.times, ...row.times }, plus: { ...before.plus, ...row.plus } };
    return before;
  });
};

const between = (from: number, to: number, part: number): number => from + (to - from) * part;

/** A body at rest is never quite still: how far each value wanders over minutes, as a fraction of itself. */
const WANDER: Readonly<Record<BodyKey, number>> = {
  heartRate: 0.03,
  variability: 0.1,
  respiratoryRate: 0.05,
  spo2: 0.004,
  systolic: 0.03,
  diastolic: 0.03,
  temperature: 0.0015,
  perfusion: 0.1,
  etco2: 0.02,
  cvp: 0.08,
};
const WANDER_PERIODS_S = [67, 190, 610] as const;

const createWander = (random: Random) => {
  const phases = BODY_KEYS.map((key) => ({ key, offsets: WANDER_PERIODS_S.map(() => random.between(0, 2 * Math.PI)) }));
  return (seconds: number): Record<BodyKey, number> =>
    Object.fromEntries(
      phases.map(({ key, offsets }) => {
        const sum = offsets.reduce(
          (total, offset, line) => total + Math.sin((2 * Math.PI * seconds) / (WANDER_PERIODS_S[line] ?? 1) + offset),
          0,
        );
        return [key, 1 + (WANDER[key] * sum) / WANDER_PERIODS_S.length];
      }),
    ) as Record<BodyKey, number>;
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
    const index = Math.max(
      0,
      rows.findLastIndex((row) => row.minute <= minute),
    );
    const row = rows[index] ?? START;
    const next = rows[index + 1] ?? row;
    const part = next.minute > row.minute ? (minute - row.minute) / (next.minute - row.minute) : 0;
    const drift = wander(atMs / 1_000);
    const body = Object.fromEntries(
      BODY_KEYS.map((key) => {
        const times = between(row.times[key], next.times[key], part);
        const plus = between(row.plus[key], next.plus[key], part);
        return [key, resting[key] * times * drift[key] + plus];
      }),
    ) as BodyState;
    return { body, sensors: { noise: between(row.noise, next.noise, part), spo2Probe: row.spo2Probe } };
  };
};
