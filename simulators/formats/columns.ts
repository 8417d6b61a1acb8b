import type { VitalInput } from '#contracts/mqtt/messages.ts';
import { findConversion } from '#domain/units.ts';
import { findVital, type VitalId, vital } from '#domain/vitals.ts';
import { findWave, type WaveId, wave } from '#domain/waveforms.ts';

/** What PhysioNet's files call the vitals and waveforms of the catalogue, in lower case. */
const VITAL_NAMES: Readonly<Record<string, VitalId>> = {
  hr: 'heart-rate',
  pulse: 'pulse-rate',
  resp: 'respiratory-rate',
  spo2: 'spo2',
  abpsys: 'abp-systolic',
  abpdias: 'abp-diastolic',
  abpmean: 'abp-mean',
  nbpsys: 'nibp-systolic',
  nbpdias: 'nibp-diastolic',
  nbpmean: 'nibp-mean',
  cvp: 'cvp',
  temp: 'temperature',
  etco2: 'etco2',
  fio2: 'fio2',
};

const WAVE_NAMES: Readonly<Record<string, WaveId>> = {
  i: 'ecg-i',
  ii: 'ecg-ii',
  iii: 'ecg-iii',
  v: 'ecg-v',
  pleth: 'pleth',
  resp: 'resp',
  abp: 'abp',
  art: 'abp',
  co2: 'co2',
};

/** Waveforms that show a shape and no size: their unit may be one of no quantity, such as `adu`. */
const SHAPES: ReadonlySet<WaveId> = new Set(['pleth', 'resp']);
const NOT_CALIBRATED = /^(nu|adu|au|a\.u\.|counts?)$/i;

/** What a column or signal is, and the unit to send with its values; none is sent where the file states none. */
export type Meaning<Id> = { readonly id: Id; readonly unit?: string };
export type Unusable = { readonly why: string };

/** `HR`, `HR [bpm]`, `HR (bpm)`: the name, and the unit if there is one. */
const splitHeading = (heading: string): { name: string; unit: string | undefined } => {
  const [, name = '', square, round] = /^(.*?)\s*(?:\[([^\]]*)\]|\(([^)]*)\))?$/.exec(heading.trim()) ?? [];
  return { name, unit: square ?? round };
};

const withUnit = <Id extends string>(
  id: Id,
  unit: string | undefined,
  catalogueUnit: string,
): Meaning<Id> | Unusable => {
  if (unit === undefined || unit === catalogueUnit) return { id, ...(unit === undefined ? {} : { unit }) };
  return findConversion(unit, catalogueUnit)
    ? { id, unit }
    : { why: `in ${unit || 'an unnamed unit'}, which is not convertible to ${catalogueUnit}` };
};

/** The vital in that unit, or why it cannot be used. */
export const vitalIn = (name: string, unit: string | undefined): Meaning<VitalId> | Unusable => {
  const id = VITAL_NAMES[name.toLowerCase()] ?? findVital(name);
  return id ? withUnit(id, unit, vital(id).unit) : { why: 'not a vital sign of the catalogue' };
};

/** The waveform in that unit, or why it cannot be used. */
export const waveIn = (name: string, unit: string | undefined): Meaning<WaveId> | Unusable => {
  const id = WAVE_NAMES[name.toLowerCase()] ?? findWave(name);
  if (!id) return { why: 'not a waveform of the catalogue' };
  if (unit === undefined || !NOT_CALIBRATED.test(unit)) return withUnit(id, unit, wave(id).unit);
  return SHAPES.has(id) ? { id } : { why: `in ${unit}: it is not calibrated` };
};

/** `HR`, `HR [bpm]` or a catalogue key. */
export const vitalColumn = (heading: string): Meaning<VitalId> | Unusable => {
  const { name, unit } = splitHeading(heading);
  return vitalIn(name, unit);
};

export const waveColumn = (heading: string): Meaning<WaveId> | Unusable => {
  const { name, unit } = splitHeading(heading);
  return waveIn(name, unit);
};

export const nameOfColumn = (heading: string): string => splitHeading(heading).name;

/** A value with the unit that the file gives it. */
export const inUnit = (value: number | null, unit: string | undefined): VitalInput =>
  unit === undefined ? value : { value, unit };
