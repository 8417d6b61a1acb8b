import { QUALITIES } from '#domain/quality.ts';
import { type Conversion, convert, findConversion } from '#domain/units.ts';
import { concernOf, rankOfKey, type VitalId, vital } from '#domain/vitals.ts';
import { rankOfWaveKey, type WaveId, wave } from '#domain/waveforms.ts';
import { type Fault, label } from './fault.ts';
import { Fields, Unreadable, type Value } from './payload/value.ts';
import type { Reading, Samples } from './record.ts';

/** One entry of a message to a reading or a block of samples in the catalogue's unit, or to the reason why not. */

const MAX_UNIT_LENGTH = 64;
const MAX_REMEMBERED = 1_000;
const INVALID = QUALITIES.indexOf('invalid');

const conversions = new Map<string, Conversion>();

/** Remembers which units convert, up to a bound: a unit has as many names as there are annotations. */
const conversionTo = (target: string, unit: string): Conversion | undefined => {
  const key = `${unit} ${target}`;
  const known = conversions.get(key);
  if (known) return known;
  const found = unit.length > MAX_UNIT_LENGTH ? undefined : findConversion(unit, target);
  if (found && conversions.size < MAX_REMEMBERED) conversions.set(key, found);
  return found;
};

const invalid = (key: string, why: string): Fault => ({ reason: 'value-invalid', detail: `${label(key)}: ${why}` });

const ambiguous = (key: string, what: string, unit: string): Fault => ({
  reason: 'value-ambiguous',
  detail: `${label(key)}: ${what} without a unit is hardly ${unit}: send its unit`,
});

/** What an entry says, field by field: a field twice, or one that is unknown (`units`), could change the meaning of the rest. */
export const readFields = <Name extends string>(
  key: string,
  { keys, values }: Fields,
  names: readonly Name[],
): Partial<Record<Name, Value>> | Fault => {
  const found: Partial<Record<Name, Value>> = {};
  for (let index = 0; index < keys.length; index++) {
    const name = names.find((known) => known === keys[index]);
    const value = values[index];
    if (name === undefined) return invalid(key, `${label(keys[index] ?? '')} is no field of an entry`);
    if (found[name] !== undefined && found[name] !== value) return invalid(key, `${name} is there twice`);
    found[name] = value ?? null;
  }
  return found;
};

/** A unit as text, or as the MDC code it may be sent as; undefined when there is none. */
const readUnit = (key: string, unit: Value | undefined): string | undefined | Fault => {
  if (unit === undefined || unit === null) return undefined;
  if (typeof unit === 'string') return unit;
  return typeof unit === 'number' ? String(unit) : invalid(key, 'the unit is not text');
};

const unconvertible = (key: string, from: string, to: string): Fault => ({
  reason: 'unit-unconvertible',
  detail: `${label(key)}: ${label(from)} is not convertible to ${to}`,
});

const readQuality = (quality: Value | undefined): number =>
  quality === undefined || quality === null
    ? 0
    : QUALITIES.findIndex((known) => typeof quality === 'string' && known === quality.toLowerCase());

const VITAL_FIELDS = ['value', 'unit', 'quality'] as const;

export const readVital = (id: VitalId, key: string, input: Value): Reading | Fault => {
  const { mdc, unit, plausible, questioned } = vital(id);
  let value = input;
  let quality = 0;
  let sentIn: string | undefined;
  if (input instanceof Fields) {
    const fields = readFields(key, input, VITAL_FIELDS);
    if ('reason' in fields) return fields;
    if (fields.value === undefined) return invalid(key, 'an object without a value');
    value = fields.value;
    quality = readQuality(fields.quality);
    if (quality < 0) return invalid(key, `the quality is not one of ${QUALITIES.join(', ')}`);
    const told = readUnit(key, fields.unit);
    if (typeof told === 'object') return told;
    sentIn = told;
  }
  let conversion: Conversion | undefined;
  if (sentIn !== undefined && sentIn !== unit) {
    conversion = conversionTo(unit, sentIn);
    if (!conversion) return unconvertible(key, sentIn, unit);
  }
  if (value === null) return { mdc, value: Number.NaN, quality };
  if (value instanceof Unreadable) return invalid(key, value.why);
  if (typeof value !== 'number') return invalid(key, 'not a number, null, or an object with a value');
  if (conversion) value = convert(value, conversion);
  if (!Number.isFinite(value)) return invalid(key, 'not a finite number');
  if (value < plausible[0] || value > plausible[1]) {
    return {
      reason: 'value-implausible',
      detail: `${label(key)}: ${value} is outside ${plausible[0]}…${plausible[1]} ${unit}`,
    };
  }
  if (questioned && sentIn === undefined && value > questioned[0] && value <= questioned[1]) {
    return ambiguous(key, String(value), unit);
  }
  return { mdc, value, quality };
};

const WAVE_FIELDS = ['rate', 'unit', 'samples'] as const;
const RATES = [0.01, 10_000] as const;
/** A minute at 1 kHz. */
const MAX_SAMPLES = 60_000;

export const readWave = (id: WaveId, key: string, input: Value): Samples | Fault => {
  const { mdc, unit, plausible, questionedBeyond = Number.POSITIVE_INFINITY } = wave(id);
  if (!(input instanceof Fields)) return invalid(key, 'not an object with rate and samples');
  const fields = readFields(key, input, WAVE_FIELDS);
  if ('reason' in fields) return fields;
  const { rate, samples: given } = fields;
  if (typeof rate !== 'number' || !(rate >= RATES[0] && rate <= RATES[1])) {
    return invalid(key, `the rate is not a number from ${RATES[0]} to ${RATES[1]}`);
  }
  if (!Array.isArray(given) || given.length < 1 || given.length > MAX_SAMPLES) {
    return invalid(key, `samples are not an array of 1 to ${MAX_SAMPLES}`);
  }
  const sentIn = readUnit(key, fields.unit);
  if (typeof sentIn === 'object') return sentIn;
  const conversion = conversionTo(unit, sentIn ?? unit);
  if (!conversion) return unconvertible(key, sentIn ?? unit, unit);
  const samples = new Float32Array(given.length);
  let furthest = 0;
  for (let index = 0; index < given.length; index++) {
    const sample: unknown = given[index];
    if (typeof sample !== 'number' && sample !== null) return invalid(key, `sample ${index} is not a number or null`);
    // NaN is how binary formats say that there is none.
    const value = sample === null ? Number.NaN : convert(sample, conversion);
    if (value < plausible[0] || value > plausible[1]) {
      return {
        reason: 'value-implausible',
        detail: `${label(key)}: a sample is outside ${plausible[0]}…${plausible[1]} ${unit}`,
      };
    }
    if (Math.abs(value) > furthest) furthest = Math.abs(value);
    samples[index] = value;
  }
  if (sentIn === undefined && furthest > questionedBeyond) return ambiguous(key, 'a sample as large', unit);
  return { mdc, rate, samples };
};

/** Two of one vital or waveform in a message: below 0 when the first is kept, above 0 when the second, 0 when they are the same. */
export type Compare<Id, Item> = (id: Id, first: Item, firstKey: string, second: Item, secondKey: string) => number;

const isUsable = ({ value, quality }: Reading): boolean => !Number.isNaN(value) && quality !== INVALID;

/**
 * A value goes before none, then the more worrying of two values, so that a ventilator's set rate cannot hide that
 * breathing has stopped; then the better quality, the vital's own code, the first.
 */
export const compareReadings: Compare<VitalId, Reading> = (id, first, firstKey, second, secondKey) => {
  if (Object.is(first.value, second.value) && first.quality === second.quality) return 0;
  if (isUsable(first) !== isUsable(second)) return isUsable(first) ? -1 : 1;
  const [firstConcern, secondConcern] = [concernOf(id, first.value), concernOf(id, second.value)];
  if (firstConcern !== secondConcern) return secondConcern > firstConcern ? 1 : -1;
  if (first.quality !== second.quality) return first.quality < second.quality ? -1 : 1;
  return rankOfKey(id, secondKey) < rankOfKey(id, firstKey) ? 1 : -1;
};

export const compareSamples: Compare<WaveId, Samples> = (id, _first, firstKey, _second, secondKey) =>
  rankOfWaveKey(id, secondKey) < rankOfWaveKey(id, firstKey) ? 1 : -1;
