import type { VitalInput } from '#contracts/mqtt/messages.ts';
import { findConversion } from '#domain/units.ts';
import { findVital, type VitalId, vital } from '#domain/vitals.ts';
import { findWave, type WaveId, wave } from '#domain/waveforms.ts';

/** What recordings call the vitals and waveforms of the catalogue, as `plainName` writes it. */
const VITAL_NAMES: Readonly<Record<string, VitalId>> = {
  hr: 'heart-rate',
  pulse: 'pulse-rate',
  'pulse(spo2)': 'pulse-rate',
  resp: 'respiratory-rate',
  rr: 'respiratory-rate',
  spo2: 'spo2',
  abpsys: 'abp-systolic',
  abps: 'abp-systolic',
  artsys: 'abp-systolic',
  abpdias: 'abp-diastolic',
  abpd: 'abp-diastolic',
  artdias: 'abp-diastolic',
  abpmean: 'abp-mean',
  abpm: 'abp-mean',
  artmean: 'abp-mean',
  nbpsys: 'nibp-systolic',
  nbps: 'nibp-systolic',
  nbpdias: 'nibp-diastolic',
  nbpd: 'nibp-diastolic',
  nbpmean: 'nibp-mean',
  nbpm: 'nibp-mean',
  cvp: 'cvp',
  cvpm: 'cvp',
  icp: 'icp',
  temp: 'temperature',
  etco2: 'etco2',
  fio2: 'fio2',
};

/** `MLII` is a limb lead with its electrodes on the chest, which is read as lead II. */
const WAVE_NAMES: Readonly<Record<string, WaveId>> = {
  i: 'ecg-i',
  ii: 'ecg-ii',
  mlii: 'ecg-ii',
  iii: 'ecg-iii',
  v: 'ecg-v',
  avr: 'ecg-avr',
  avl: 'ecg-avl',
  avf: 'ecg-avf',
  v1: 'ecg-v1',
  v2: 'ecg-v2',
  v3: 'ecg-v3',
  v4: 'ecg-v4',
  v5: 'ecg-v5',
  v6: 'ecg-v6',
  mcl: 'ecg-mcl',
  mcl1: 'ecg-mcl1',
  ecg: 'ecg',
  pleth: 'pleth',
  resp: 'resp',
  abp: 'abp',
  art: 'abp',
  pap: 'pap',
  cvp: 'cvp-wave',
  icp: 'icp-wave',
  co2: 'co2',
  paw: 'airway-pressure',
  awp: 'airway-pressure',
  airwaypressure: 'airway-pressure',
  airwayflow: 'airway-flow',
  airwayvolume: 'airway-volume',
};

/** `SpO2,`, `%SpO2`, `ABP Sys`, `ECG lead II`: names as BIDMC, MIMIC and EDF write them, without what does not tell them apart. */
const plainName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[\s%,]/g, '')
    .replace(/^(?:ecg|ekg)(?:lead)?(?=.)/, '');

/** Waveforms that show a shape and no size: their unit may be one of no quantity, such as `adu`. */
const SHAPES: ReadonlySet<WaveId> = new Set(['pleth', 'resp']);
const NOT_CALIBRATED = /^(nu|adu|au|a\.u\.|counts?)$/i;

/** Whether a name is that of a waveform that shows a shape and no size. */
export const isShape = (name: string): boolean => {
  const id = WAVE_NAMES[plainName(name)] ?? findWave(name);
  return id !== undefined && SHAPES.has(id);
};

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
  const id = VITAL_NAMES[plainName(name)] ?? findVital(name);
  return id ? withUnit(id, unit, vital(id).unit) : { why: 'not a vital sign of the catalogue' };
};

/** The waveform in that unit, or why it cannot be used. */
export const waveIn = (name: string, unit: string | undefined): Meaning<WaveId> | Unusable => {
  const id = WAVE_NAMES[plainName(name)] ?? findWave(name);
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
export const unitOfColumn = (heading: string): string | undefined => splitHeading(heading).unit;

/** A value with the unit that the file gives it. */
export const inUnit = (value: number | null, unit: string | undefined): VitalInput =>
  unit === undefined ? value : { value, unit };
