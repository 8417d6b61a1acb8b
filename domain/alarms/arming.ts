import { VITAL_IDS, type VitalId } from '../vitals.ts';
import { BREATH, HEART, isStanding } from './levels.ts';
import { type EditedVital, touch, type Work } from './work.ts';

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

const isPulsatile = ({ vitals }: Work): boolean => {
  const [systolic, diastolic] = [vitals[SYSTOLIC], vitals[DIASTOLIC]];
  return (
    isStanding(systolic) && isStanding(diastolic) && (systolic.value ?? 0) - (diastolic.value ?? 0) >= PULSATILE_MMHG
  );
};

const provesPulse = (work: Work, { value, quality }: EditedVital, index: number): boolean => {
  if (quality !== GOOD || value === null || value <= 0) return false;
  if (PROVES_PULSE[index]) return true;
  return (index === SYSTOLIC || index === DIASTOLIC) && isPulsatile(work);
};

/** Positive rates for as long as it takes; of a device that sends seldom, two. */
const isSeenFor = (work: Work, vital: EditedVital, time: number, armAfterMs: number): boolean => {
  // Later than now: by a clock that ran ahead.
  if (vital.firstSignAt === null || vital.firstSignAt > time) {
    vital.firstSignAt = time;
    touch(work);
  }
  const spanMs = time - vital.firstSignAt;
  const { intervalMs } = work.state;
  const isSeldom = intervalMs !== null && 2 * intervalMs > armAfterMs;
  return spanMs >= armAfterMs || (isSeldom && spanMs > 0);
};

/** Of a usable reading that was just taken in. */
export const noteSign = (work: Work, vital: EditedVital, index: number, time: number): void => {
  const { state, config } = work;
  const isPositive = vital.value !== null && vital.value > 0;
  if (index === BREATH && !state.hasBreathed) {
    if (!isPositive || !isSeenFor(work, vital, time, config.apnoeaArmAfterMs)) return;
    state.hasBreathed = true;
    touch(work);
  } else if (index !== BREATH && !state.hasBeaten) {
    if (index === HEART && !isPositive) vital.firstSignAt = null;
    const isBeating = index === HEART && isPositive && isSeenFor(work, vital, time, config.asystoleArmAfterMs);
    if (!isBeating && !provesPulse(work, vital, index)) return;
    state.hasBeaten = true;
    touch(work);
  }
};
