import { VITAL_IDS, type VitalId } from '../vitals.ts';
import { BREATH, HEART } from './levels.ts';

/** What the value of a reading means (section 2 of the specification). */

export const GOOD = 0;
const INVALID = 2;

export type Meaning = 'usable' | 'no-value' | 'doubtful';

/**
 * Vitals for which senders use 0 to say "disconnected": no patient has this value, so it is a sensor fault and not a
 * crisis. Heart rate 0 is not among them (asystole), nor respiratory rate 0 once breaths were seen (apnoea), nor CVP
 * and EtCO2 0 (both occur). In cardiac arrest an arterial line reads the mean filling pressure of about 10 to 20 mmHg,
 * not 0.
 */
const NEVER_ZERO: readonly VitalId[] = [
  'pulse-rate',
  'spo2',
  'nibp-systolic',
  'nibp-diastolic',
  'nibp-mean',
  'abp-systolic',
  'abp-diastolic',
  'abp-mean',
  'fio2',
  'pap-systolic',
  'pap-mean',
  'svo2',
  'fio2-set',
];

/** Indexed by the vital's place in the catalogue, because every reading looks them up. */
const MUST_BE_POSITIVE = VITAL_IDS.map((id) => NEVER_ZERO.includes(id));

export const meaningOf = (index: number, value: number, quality: number, hasBreathed: boolean): Meaning => {
  if (Number.isNaN(value) || (value <= 0 && MUST_BE_POSITIVE[index])) return 'no-value';
  if (value === 0 && index === BREATH && !hasBreathed) return 'no-value';
  if (quality === INVALID || (value === 0 && index === HEART && quality !== GOOD)) return 'doubtful';
  return 'usable';
};

/** Whether the value is one to decide by, given whether the patient was seen to breathe. */
export const isUsable = (index: number, value: number, quality: number, hasBreathed: boolean): boolean =>
  meaningOf(index, value, quality, hasBreathed) === 'usable';
