import { MAX_AHEAD_MS } from '../freshness.ts';
import { VITAL_IDS, type VitalId, vitalByMdc, vital as vitalOf } from '../vitals.ts';
import type { VitalReading } from './alarm.ts';
import { noteSign } from './arming.ts';
import { NOT_PHYSIOLOGICAL } from './conditions.ts';
import { regainSignal } from './probes.ts';
import { UNHEARD_VITAL, type VitalState } from './state.ts';
import { type EditedVital, touch, type Work } from './work.ts';

/** One reading: what it says (section 2 of the specification), and what follows from it. */

const GOOD = 0;
const INVALID = 2;

const indexByMdc = new Map<number, number>();

/** The vital's place in the catalogue, by the MDC code of a reading. */
export const vitalIndex = (mdc: number): number => {
  const known = indexByMdc.get(mdc);
  if (known !== undefined) return known;
  const id = vitalByMdc(mdc);
  const index = id === undefined ? -1 : VITAL_IDS.indexOf(id);
  indexByMdc.set(mdc, index);
  return index;
};

type Meaning = 'usable' | 'no-value' | 'doubtful';

const meaningOf = (id: VitalId, value: number, quality: number, hasBreathed: boolean): Meaning => {
  if (Number.isNaN(value) || NOT_PHYSIOLOGICAL[id]?.(value)) return 'no-value';
  if (value === 0 && id === 'respiratory-rate' && !hasBreathed) return 'no-value';
  if (quality === INVALID || (value === 0 && id === 'heart-rate' && quality !== GOOD)) return 'doubtful';
  return 'usable';
};

/** Property by property: a spread takes three times the memory and twice the time, and it is made for every reading. */
const copyVital = (vital: VitalState): VitalState => ({
  time: vital.time,
  heardAt: vital.heardAt,
  value: vital.value,
  quality: vital.quality,
  isUsable: vital.isUsable,
  isStale: vital.isStale,
  low: vital.low,
  high: vital.high,
  noValueSince: vital.noValueSince,
  poorSince: vital.poorSince,
  unusableSince: vital.unusableSince,
  signal: vital.signal,
  isLost: vital.isLost,
  firstSignAt: vital.firstSignAt,
});

/** A5. A clock that ran ahead and was put right must not make everything after it old. */
const isNews = (before: VitalState, time: number, value: number | null, quality: number, at: number): boolean => {
  if (time === before.time) return value !== before.value || quality !== before.quality;
  return time > before.time || before.time > at + MAX_AHEAD_MS;
};

/** Since when there is no value, or none that is good (D1). */
const noteSignal = (work: Work, vital: EditedVital, meaning: Meaning, at: number): void => {
  const noValueSince =
    meaning === 'usable' ? null : meaning === 'no-value' ? (vital.noValueSince ?? at) : vital.noValueSince;
  const poorSince = vital.quality === GOOD ? null : (vital.poorSince ?? at);
  if (noValueSince !== vital.noValueSince || poorSince !== vital.poorSince) touch(work);
  vital.noValueSince = noValueSince;
  vital.poorSince = poorSince;
  vital.unusableSince = meaning === 'usable' ? null : (vital.unusableSince ?? at);
};

/** `none`: it is no news, and was ignored (A5, B4). `corrected`: it takes the place of the newest, of the same time. */
export type News = 'none' | 'another' | 'corrected';

/** Takes in what it says; what follows for the limits is decided once all of the message are in. */
export const takeReading = (work: Work, index: number, reading: VitalReading, time: number, at: number): News => {
  const id = VITAL_IDS[index];
  if (id === undefined) return 'none';
  const isNull = Number.isNaN(reading.value);
  if (isNull && vitalOf(id).measured === 'intermittent') return 'none';
  const value = isNull ? null : reading.value;
  const before = work.vitals[index];
  if (before && !isNews(before, time, value, reading.quality, at)) return 'none';

  const news = before?.time === time ? 'corrected' : 'another';
  const vital: EditedVital = before ? copyVital(before) : { ...UNHEARD_VITAL, time, heardAt: at };
  work.vitals[index] = vital;
  if (!before || before.isStale) touch(work);
  const meaning = meaningOf(id, reading.value, reading.quality, work.state.hasBreathed);
  vital.time = time;
  vital.heardAt = at;
  vital.value = value;
  vital.quality = reading.quality;
  vital.isUsable = meaning === 'usable';
  vital.isStale = false;
  if (vital.isUsable) noteSign(work, vital, index, time);
  noteSignal(work, vital, meaning, at);
  if (vital.isLost && vital.isUsable && vital.quality === GOOD) regainSignal(work, index, at, 'recovered');
  return news;
};
