import type { AgeGroup } from '#domain/vitals.ts';
import type { Random } from './random.ts';
import { keysOf, recordOf } from './records.ts';

/** What a body does at a moment; what the sensors make of it is the monitor's affair. */
export type BodyState = {
  /** Beats a minute; 0 is standstill. */
  readonly heartRate: number;
  /** Standard deviation of beat intervals, as a fraction of their mean. */
  readonly variability: number;
  /** Breaths a minute; 0 is apnoea. */
  readonly respiratoryRate: number;
  /** % */
  readonly spo2: number;
  /** mm[Hg], as are diastolic, etco2, cvp and icp. */
  readonly systolic: number;
  readonly diastolic: number;
  /** Cel */
  readonly temperature: number;
  /** Perfusion index, %. */
  readonly perfusion: number;
  readonly etco2: number;
  readonly cvp: number;
  readonly icp: number;
};

export type BodyKey = keyof BodyState;

/** A body at rest is never quite still: how far each value wanders over minutes, as a fraction of itself. */
export const WANDER: Readonly<Record<BodyKey, number>> = {
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
  icp: 0.06,
};

/** Resting value, and the spread between people of that age. */
type Resting = Readonly<Record<BodyKey, readonly [mean: number, spread: number]>>;

/** Chosen to rest inside the catalogue's default limits for the age group, a patient two spreads out included. */
const RESTING: Readonly<Record<AgeGroup, Resting>> = {
  adult: {
    heartRate: [78, 8],
    variability: [0.035, 0.008],
    respiratoryRate: [15, 2],
    spo2: [97, 0.8],
    systolic: [122, 8],
    diastolic: [72, 4],
    temperature: [36.9, 0.2],
    perfusion: [3.2, 0.8],
    etco2: [37, 2],
    cvp: [6, 1],
    icp: [10, 2],
  },
  paediatric: {
    heartRate: [108, 7],
    variability: [0.04, 0.008],
    respiratoryRate: [23, 1.5],
    spo2: [97.5, 0.6],
    systolic: [98, 5],
    diastolic: [57, 3],
    temperature: [37, 0.2],
    perfusion: [2.6, 0.6],
    etco2: [36, 2],
    cvp: [5, 1],
    icp: [6, 1],
  },
  neonatal: {
    heartRate: [142, 8],
    variability: [0.025, 0.005],
    respiratoryRate: [46, 3],
    spo2: [91, 0.6],
    systolic: [68, 4],
    diastolic: [40, 3],
    temperature: [37, 0.15],
    perfusion: [1.6, 0.3],
    etco2: [38, 2],
    cvp: [4, 0.7],
    icp: [3, 0.5],
  },
};

export const BODY_KEYS = keysOf(RESTING.adult);

/** The resting state of one person, drawn from their age group. */
export const drawResting = (profile: AgeGroup, random: Random): BodyState =>
  recordOf(BODY_KEYS, (key) => {
    const [mean, spread] = RESTING[profile][key];
    return mean + spread * Math.max(-2, Math.min(2, random.normal()));
  });
