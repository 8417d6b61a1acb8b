import { VITAL_IDS, type VitalId } from '../vitals.ts';
import { BREATH, HEART } from './levels.ts';
import { isOfPulsation, pulsePressure } from './pulsation.ts';
import { intervalOf } from './state.ts';
import { edit, editVital, type HeardVital, type Transition } from './transition.ts';

/**
 * A value of 0 is a standstill, and not a loose cable, only after the patient's heart was seen to beat or the patient
 * was seen to breathe (B2, B3). What was seen counts through restarts and changes of the device, until another patient
 * is there.
 */

const GOOD = 0;

/** Each of these can only be measured when there is a pulse. */
const NEEDS_PULSE: readonly VitalId[] = ['pulse-rate', 'spo2', 'nibp-systolic', 'nibp-diastolic', 'nibp-mean'];
const PROVES_PULSE = VITAL_IDS.map((id) => NEEDS_PULSE.includes(id));

/**
 * [?] The least difference between systole and diastole that proves a pulse; a smaller one may come from a ventilator.
 */
const PULSATILE_MMHG = 10;

const provesPulse = (transition: Transition, { value, quality }: HeardVital, index: number): boolean => {
  if (quality !== GOOD || value === null || value <= 0) return false;
  if (PROVES_PULSE[index]) return true;
  return isOfPulsation(index) && (pulsePressure(transition.state) ?? 0) >= PULSATILE_MMHG;
};

const putFirstSign = (transition: Transition, index: number, time: number | null): void => {
  if (transition.state.vitals[index]?.firstSignAt === time) return;
  const vital = editVital(transition, index);
  if (vital) vital.firstSignAt = time;
};

/** Whether positive rates span the arming time; two of them are enough from a device that sends seldom. */
const isSeenFor = (transition: Transition, vital: HeardVital, index: number, armAfterMs: number): boolean => {
  const { firstSignAt, time } = vital;
  // A first sign that is later than now was measured by a clock that ran ahead.
  const isFirst = firstSignAt === null || firstSignAt > time;
  if (isFirst) putFirstSign(transition, index, time);
  const spanMs = isFirst ? 0 : time - firstSignAt;
  const intervalMs = intervalOf(transition.state, vital);
  const isSeldom = intervalMs !== null && 2 * intervalMs > armAfterMs;
  return spanMs >= armAfterMs || (isSeldom && spanMs > 0);
};

/** Notes a sign of life. To be called with a usable reading that was just taken in. */
export const noteSign = (transition: Transition, vital: HeardVital, index: number): void => {
  const { state, config } = transition;
  const isPositive = vital.value !== null && vital.value > 0;
  if (index === BREATH && !state.hasBreathed) {
    if (isPositive && isSeenFor(transition, vital, index, config.apnoeaArmAfterMs)) edit(transition).hasBreathed = true;
  } else if (index !== BREATH && !state.hasBeaten) {
    if (index === HEART && !isPositive) putFirstSign(transition, index, null);
    const isBeating = index === HEART && isPositive && isSeenFor(transition, vital, index, config.asystoleArmAfterMs);
    if (isBeating || provesPulse(transition, vital, index)) edit(transition).hasBeaten = true;
  }
};
