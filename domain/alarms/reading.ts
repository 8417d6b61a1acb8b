import { MAX_AHEAD_MS } from '../freshness.ts';
import { VITAL_IDS, type VitalId, vitalByMdc, vital as vitalOf } from '../vitals.ts';
import type { VitalReading } from './alarm.ts';
import { noteSign } from './arming.ts';
import { BREATH, HEART } from './levels.ts';
import { regainSignal } from './probes.ts';
import type { VitalState } from './state.ts';
import { noteSame, saysTheSame } from './stillness.ts';
import { editVital, type HeardVital, hearVital, type Transition } from './transition.ts';

/** Takes in one reading: what its value means (section 2 of the specification), and what follows from it at once. */

const GOOD = 0;
const INVALID = 2;

const indexByMdc = new Map<number, number>();

/** The vital's place in the catalogue, by the MDC code of a reading; −1: the code is unknown. */
export const vitalIndex = (mdc: number): number => {
  const known = indexByMdc.get(mdc);
  if (known !== undefined) return known;
  const id = vitalByMdc(mdc);
  const index = id === undefined ? -1 : VITAL_IDS.indexOf(id);
  indexByMdc.set(mdc, index);
  return index;
};

type Meaning = 'usable' | 'no-value' | 'doubtful';

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
const IS_INTERMITTENT = VITAL_IDS.map((id) => vitalOf(id).measured === 'intermittent');

const meaningOf = (index: number, value: number, quality: number, hasBreathed: boolean): Meaning => {
  if (Number.isNaN(value) || (value <= 0 && MUST_BE_POSITIVE[index])) return 'no-value';
  if (value === 0 && index === BREATH && !hasBreathed) return 'no-value';
  if (quality === INVALID || (value === 0 && index === HEART && quality !== GOOD)) return 'doubtful';
  return 'usable';
};

/**
 * Whether a reading is newer than the newest, or corrects it (A5). A clock that ran ahead and was put right must not
 * make all later readings look old.
 */
const isNews = (before: VitalState, time: number, value: number | null, quality: number, at: number): boolean => {
  if (time === before.time) return value !== before.value || quality !== before.quality;
  return time > before.time || before.time > at + MAX_AHEAD_MS;
};

/** Notes since when there is no value, or none of good quality (D1). */
const noteSignal = (transition: Transition, vital: HeardVital, index: number, meaning: Meaning, at: number): void => {
  const noValueSince =
    meaning === 'usable' ? null : meaning === 'no-value' ? (vital.noValueSince ?? at) : vital.noValueSince;
  const poorSince = vital.quality === GOOD ? null : (vital.poorSince ?? at);
  vital.unusableSince = meaning === 'usable' ? null : (vital.unusableSince ?? at);
  if (noValueSince === vital.noValueSince && poorSince === vital.poorSince) return;
  const edited = editVital(transition, index);
  if (!edited) return;
  edited.noValueSince = noValueSince;
  edited.poorSince = poorSince;
};

/**
 * `none`: the reading was not new, and was ignored (A5, B4). `corrected`: it replaces the newest reading, which has the
 * same time.
 */
export type News = 'none' | 'another' | 'corrected';

const unstale = (transition: Transition, index: number): void => {
  const vital = editVital(transition, index);
  if (vital) vital.isStale = false;
};

/** Takes in a reading. What follows for the limits is decided once all readings of the message are in. */
export const takeReading = (
  transition: Transition,
  index: number,
  reading: VitalReading,
  time: number,
  at: number,
): News => {
  const isNull = Number.isNaN(reading.value);
  if (isNull && IS_INTERMITTENT[index]) return 'none';
  const value = isNull ? null : reading.value;
  const before = transition.state.vitals[index];
  if (before && !isNews(before, time, value, reading.quality, at)) return 'none';

  const news = before?.time === time ? 'corrected' : 'another';
  const isSame = saysTheSame(before, value, reading.quality);
  const vital = hearVital(transition, index);
  const meaning = meaningOf(index, reading.value, reading.quality, transition.state.hasBreathed);
  vital.time = time;
  vital.heardAt = at;
  vital.value = value;
  vital.quality = reading.quality;
  vital.isUsable = meaning === 'usable';
  noteSame(transition, vital, isSame, at);
  if (vital.isStale) unstale(transition, index);
  if (vital.isUsable) noteSign(transition, vital, index);
  noteSignal(transition, vital, index, meaning, at);
  if (vital.isLost && vital.isUsable && vital.quality === GOOD) regainSignal(transition, index, at, 'recovered');
  return news;
};
