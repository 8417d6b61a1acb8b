import { VITAL_IDS } from '../vitals.ts';
import { hasCurrentValue } from './levels.ts';
import type { AlarmState } from './state.ts';

const SYSTOLIC = VITAL_IDS.indexOf('abp-systolic');
const DIASTOLIC = VITAL_IDS.indexOf('abp-diastolic');

/** Whether the vital is one of the two between which an arterial line pulsates. */
export const isOfPulsation = (index: number): boolean => index === SYSTOLIC || index === DIASTOLIC;

/** What is between systole and diastole of the arterial line, in mmHg; null: one of the two has no value that stands. */
export const pulsePressure = ({ vitals }: Pick<AlarmState, 'vitals'>): number | null => {
  const [systolic, diastolic] = [vitals[SYSTOLIC], vitals[DIASTOLIC]];
  if (!hasCurrentValue(systolic) || !hasCurrentValue(diastolic)) return null;
  return (systolic.value ?? 0) - (diastolic.value ?? 0);
};
