import type { LatestValue, LatestVitals, WaveFrame } from '#contracts/live.ts';
import { QUALITIES } from '#domain/quality.ts';
import { VITAL_IDS, vitalByMdc } from '#domain/vitals.ts';
import { type WaveId, waveByMdc } from '#domain/waveforms.ts';
import type { Reading, Samples } from '../record.ts';
import type { BedState, UnitState } from './present.ts';

/** What was measured at a bed, as screens have it. */

const latest = (time: number, { value, quality }: Reading): LatestValue => {
  const name = QUALITIES[quality];
  const base = { value: Number.isNaN(value) ? null : value, time };
  return name === undefined || name === 'good' ? base : { ...base, quality: name };
};

/** Takes the readings in that are newer than what is known. */
export const takeReadings = (
  { changedBeds }: UnitState,
  bed: BedState,
  time: number,
  readings: readonly Reading[],
  presentMs: number,
): void => {
  for (const reading of readings) {
    const id = vitalByMdc(reading.mdc);
    if (id === undefined) continue;
    const known = bed.vitals[id];
    // A value ahead of the present came before our clock was set back: it must not keep newer values out until then.
    if (known && known.time > time && known.time <= presentMs) continue;
    const value = latest(time, reading);
    bed.vitals[id] = value;
    bed.changed ??= {};
    bed.changed[id] = value;
    changedBeds.add(bed);
  }
};

/** Known values are taken for no newer than this. */
export const rewindReadings = ({ vitals }: BedState, time: number): void => {
  for (const id of VITAL_IDS) {
    const known = vitals[id];
    if (known && known.time > time) vitals[id] = { ...known, time };
  }
};

/** Takes what was gathered since the last call, by bed; undefined: nothing was. */
export const takeChanged = ({ changedBeds }: UnitState): Record<string, LatestVitals> | undefined => {
  if (changedBeds.size === 0) return undefined;
  const changed: Record<string, LatestVitals> = {};
  for (const bed of changedBeds) {
    if (bed.changed) changed[bed.id] = bed.changed;
    bed.changed = undefined;
  }
  changedBeds.clear();
  return changed;
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
