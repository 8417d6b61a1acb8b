import { VITAL_IDS, type VitalId } from '../vitals.ts';
import { BREATH, HEART, hasCurrentValue } from './levels.ts';
import { edit, editVital, type HeardVital, type Transition } from './transition.ts';

/**
 * When 0 is a standstill and not a cable (B2, B3): once the patient's heart was seen to beat, or the patient to breathe. Seen once it
 * stays so, through restarts and whatever device comes, until another patient is there.
 */

const GOOD = 0;

/** Each of them needs a pulse to be measured at all. */
const NEEDS_PULSE: readonly VitalId[] = ['pulse-rate', 'spo2', 'nibp-systolic', 'nibp-diastolic', 'nibp-mean'];
const PROVES_PULSE = VITAL_IDS.map((id) => NEEDS_PULSE.includes(id));

const SYSTOLIC = VITAL_IDS.indexOf('abp-systolic');
const DIASTOLIC = VITAL_IDS.indexOf('abp-diastolic');
/** [?] Between systole and diastole; less may be the swing of a ventilator. */
const PULSATILE_MMHG = 10;

const isPulsatile = ({ state }: Transition): boolean => {
  const { vitals } = state;
  const [systolic, diastolic] = [vitals[SYSTOLIC], vitals[DIASTOLIC]];
  return (
    hasCurrentValue(systolic) &&
    hasCurrentValue(diastolic) &&
    (systolic.value ?? 0) - (diastolic.value ?? 0) >= PULSATILE_MMHG
  );
};

const provesPulse = (transition: Transition, { value, quality }: HeardVital, index: number): boolean => {
  if (quality !== GOOD || value === null || value <= 0) return false;
  if (PROVES_PULSE[index]) return true;
  return (index === SYSTOLIC || index === DIASTOLIC) && isPulsatile(transition);
};

const putFirstSign = (transition: Transition, index: number, time: number | null): void => {
  if (transition.state.vitals[index]?.firstSignAt === time) return;
  const vital = editVital(transition, index);
  if (vital) vital.firstSignAt = time;
};

/** Positive rates for as long as it takes; of a device that sends seldom, two. */
const isSeenFor = (transition: Transition, { firstSignAt }: HeardVital, index: number, armAfterMs: number): boolean => {
  const time = transition.state.vitals[index]?.time ?? 0;
  // Later than now: by a clock that ran ahead.
  const isFirst = firstSignAt === null || firstSignAt > time;
  if (isFirst) putFirstSign(transition, index, time);
  const spanMs = isFirst ? 0 : time - firstSignAt;
  const { intervalMs } = transition.state;
  const isSeldom = intervalMs !== null && 2 * intervalMs > armAfterMs;
  return spanMs >= armAfterMs || (isSeldom && spanMs > 0);
};

/** To be called with a usable reading that was just taken in. */
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
