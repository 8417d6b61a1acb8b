import { VITAL_IDS, type VitalId } from '../vitals.ts';
import type { DeviceState } from './device-state.ts';
import { BREATH, HEART, hasCurrentValue } from './levels.ts';
import type { AlarmState, VitalState } from './state.ts';
import type { HeardDevice, HeardVital } from './transition.ts';

/**
 * Whether a device says anything new (D11). A living patient's heart, breath and pressures never stand still to the
 * digit for minutes, except where a machine keeps the pace. So the values of a device count all together: one that changes
 * shows that it measures. Values of which another device is the source do not count.
 */

/** [?] In how many readings each of the vitals must have said the same. */
const SAME_READINGS = 10;

/**
 * [?] So many vitals must stand still: a pacemaker holds the heart rate and the pulse rate, a ventilator the respiratory
 * rate.
 */
const STILL_VITALS = 3;

/**
 * Vitals that change within minutes in everybody. All others may stand still in truth: a saturation of 100, what a
 * machine is set to give, a temperature, low pressures of whole numbers.
 */
const LIVELY = (
  [
    'heart-rate',
    'pulse-rate',
    'respiratory-rate',
    'abp-systolic',
    'abp-diastolic',
    'abp-mean',
    'perfusion-index',
  ] satisfies VitalId[]
).map((id) => VITAL_IDS.indexOf(id));

/** Whether a reading says the same as the one before it. What comes after a silence is new, whatever it says. */
export const saysTheSame = (before: VitalState | null | undefined, value: number | null, quality: number): boolean =>
  !!before && !before.isStale && before.value === value && before.quality === quality;

/** Notes whether the reading said the same. To be called with each reading that is taken in. */
export const noteSame = (device: HeardDevice, vital: HeardVital, isSame: boolean, at: number): void => {
  if (!isSame) {
    vital.sameReadings = 1;
    device.changedAt = at;
  } else if (vital.sameReadings < SAME_READINGS) vital.sameReadings++;
};

/** Whether the heart or the breath stands still: what is constant then is so in truth. */
const isAtZero = (vital: VitalState | null | undefined): boolean => !!vital && !vital.isStale && vital.value === 0;

/** Whether enough vitals stand still to take the device for frozen, once nothing has changed for long enough. */
export const isStill = ({ vitals }: AlarmState, { id }: DeviceState): boolean => {
  if (isAtZero(vitals[HEART]) || isAtZero(vitals[BREATH])) return false;
  let still = 0;
  for (const index of LIVELY) {
    const vital = vitals[index];
    if (hasCurrentValue(vital) && vital.source === id && vital.sameReadings >= SAME_READINGS) still++;
  }
  return still >= STILL_VITALS;
};
