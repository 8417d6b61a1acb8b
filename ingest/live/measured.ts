import type { LatestOthers, LatestValue, LatestVitals, VitalsFrame, WaveFrame } from '#contracts/live.ts';
import { QUALITIES } from '#domain/quality.ts';
import { VITAL_IDS, vitalByMdc } from '#domain/vitals.ts';
import { type WaveId, waveByMdc } from '#domain/waveforms.ts';
import type { Reading, Samples } from '../record.ts';
import type { BedState, UnitState } from './present.ts';

/** What was measured at a bed, as screens have it. */

const latest = (time: number, { value, quality }: Reading, source?: string): LatestValue => {
  const name = QUALITIES[quality];
  const base = { value: Number.isNaN(value) ? null : value, time, ...(source !== undefined && { source }) };
  return name === undefined || name === 'good' ? base : { ...base, quality: name };
};

/** Takes the readings in that are newer than what is known of the same source. */
export const takeReadings = (
  { changedBeds }: UnitState,
  bed: BedState,
  time: number,
  readings: readonly Reading[],
  presentMs: number,
  source?: string,
): void => {
  for (const reading of readings) {
    const id = vitalByMdc(reading.mdc);
    if (id === undefined) continue;
    const known = bed.vitals[id];
    // A value ahead of the present came before our clock was set back: it must not keep newer values out until then.
    if (known && known.source === source && known.time > time && known.time <= presentMs) continue;
    const value = latest(time, reading, source);
    bed.vitals[id] = value;
    bed.changed ??= {};
    bed.changed[id] = value;
    changedBeds.add(bed);
  }
};

/** Takes in readings of vitals of which another device is the source. */
export const takeOthers = (
  { changedBeds }: UnitState,
  bed: BedState,
  device: string,
  time: number,
  readings: readonly Reading[],
): void => {
  for (const reading of readings) {
    const id = vitalByMdc(reading.mdc);
    if (id === undefined) continue;
    const value = latest(time, reading);
    bed.others[device] = { ...bed.others[device], [id]: value };
    bed.changedOthers ??= {};
    bed.changedOthers[device] = { ...bed.changedOthers[device], [id]: value };
    changedBeds.add(bed);
  }
};

/** Known values of the device are taken for no newer than this. */
export const rewindReadings = ({ vitals }: BedState, device: string, time: number): void => {
  for (const id of VITAL_IDS) {
    const known = vitals[id];
    const isFromIt = known?.source === undefined || known.source === device;
    if (known && isFromIt && known.time > time) vitals[id] = { ...known, time };
  }
};

/** Takes what was gathered since the last call, by bed; undefined: nothing was. */
export const takeChanged = ({ changedBeds }: UnitState): Pick<VitalsFrame, 'beds' | 'others'> | undefined => {
  if (changedBeds.size === 0) return undefined;
  const beds: Record<string, LatestVitals> = {};
  let others: Record<string, LatestOthers> | undefined;
  for (const bed of changedBeds) {
    if (bed.changed) beds[bed.id] = bed.changed;
    if (bed.changedOthers) {
      others ??= {};
      others[bed.id] = bed.changedOthers;
    }
    bed.changed = undefined;
    bed.changedOthers = undefined;
  }
  changedBeds.clear();
  return others ? { beds, others } : { beds };
};

/** Four decimals of a millivolt or an ohm are more than a screen can draw; they halve the frame. */
const roundSample = (sample: number): number | null => (Number.isNaN(sample) ? null : Math.round(sample * 1e4) / 1e4);

export const wavesOf = (time: number, items: readonly Samples[]): WaveFrame['waves'] => {
  const waves: { -readonly [Id in WaveId]?: { time: number; rate: number; samples: (number | null)[] } } = {};
  for (const { mdc, rate, samples } of items) {
    const id = waveByMdc(mdc);
    if (id) waves[id] = { time, rate, samples: Array.from(samples, roundSample) };
  }
  return waves;
};
