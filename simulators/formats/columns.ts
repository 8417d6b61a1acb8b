import { findConversion } from '#domain/units.ts';
import { findVital, type VitalId, vital } from '#domain/vitals.ts';
import { findWave, type WaveId } from '#domain/waveforms.ts';

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

/** Their units as UCUM. */
const UNIT_NAMES: Readonly<Record<string, string>> = {
  bpm: '/min',
  pm: '/min',
  mmhg: 'mm[Hg]',
  '%': '%',
  'deg c': 'Cel',
  c: 'Cel',
};

export const waveNamed = (name: string): WaveId | undefined =>
  WAVE_NAMES[name.trim().toLowerCase()] ?? findWave(name.trim());

/** `HR`, `HR [bpm]` or a catalogue key: the vital, or why the column cannot be used. */
export const vitalColumn = (heading: string): VitalId | { readonly why: string } => {
  const [, name = '', unit] = /^(.*?)\s*(?:\[(.*)\])?$/.exec(heading.trim()) ?? [];
  const id = VITAL_NAMES[name.toLowerCase()] ?? findVital(name);
  if (!id) return { why: 'not a vital sign of the catalogue' };
  if (unit === undefined) return id;
  const ucum = UNIT_NAMES[unit.toLowerCase()] ?? unit;
  const conversion = findConversion(ucum, vital(id).unit);
  return conversion?.factor === 1 && conversion.offset === 0 ? id : { why: `in ${unit}, not in ${vital(id).unit}` };
};
