import type { VitalId } from '#domain/vitals.ts';
import type { WaveId } from '#domain/waveforms.ts';
import type { Bytes } from '../bytes.ts';
import { inUnit, type Meaning, type Unusable, vitalIn, waveIn } from '../columns.ts';
import { createLedger } from '../ledger.ts';
import { mergeInTime } from '../merge.ts';
import { type Frame, type Recording, type SourceFile, spanOf } from '../recording.ts';
import { VITAL_TRACKS, WAVE_TRACKS } from './names.ts';
import { readVitalFile, type VitalTrack } from './packets.ts';

/** A VitalDB file as a recording: its waveforms in blocks of a second, and each number at its moment. */

const RATES = { min: 0.01, max: 10_000 } as const;

/** `Solar8000/HR`: the name behind the device. */
const bareName = ({ name }: VitalTrack): string => name.slice(name.lastIndexOf('/') + 1);

const meaningOf = (track: VitalTrack): Meaning<VitalId | WaveId> | Unusable => {
  const name = bareName(track);
  const known = name.toUpperCase();
  if (track.kind === 'number') return vitalIn(VITAL_TRACKS[known] ?? name, track.unit);
  if (track.kind === 'other') return { why: 'text, and not measured' };
  if (!(track.rate >= RATES.min && track.rate <= RATES.max)) {
    return { why: `${track.rate} samples a second, and a message carries ${RATES.min} to ${RATES.max}` };
  }
  return waveIn(WAVE_TRACKS[known] ?? name, track.unit);
};

const valuesIn = ({ records, read, bytesPerValue }: VitalTrack): number => {
  let values = 0;
  for (const { at, count } of records) {
    for (let place = 0; place < count; place += 1) if (read(at + place * bytesPerValue) !== null) values += 1;
  }
  return values;
};

type Used = Meaning<VitalId | WaveId> & { readonly track: VitalTrack };

function* numbersOf({ id, unit, track }: Used, zeroSecond: number): Generator<Frame> {
  for (const { second, at } of track.records) {
    const vitals = { [id]: inUnit(track.read(at), unit) };
    yield { atMs: Math.round((second - zeroSecond) * 1_000), vitals };
  }
}

/** A second in which nothing was measured fills a gap, and is none. */
function* blocksOf({ id, unit, track }: Used, zeroSecond: number): Generator<Frame> {
  const { rate, read, bytesPerValue } = track;
  const perBlock = Math.max(1, Math.round(rate));
  for (const { second, at, count } of track.records) {
    for (let from = 0; from < count; from += perBlock) {
      const length = Math.min(perBlock, count - from);
      const samples = Array.from({ length }, (_, place) => read(at + (from + place) * bytesPerValue));
      if (samples.every((sample) => sample === null)) continue;
      const wave = { rate, samples, ...(unit === undefined ? {} : { unit }) };
      yield { atMs: Math.round((second + from / rate - zeroSecond) * 1_000), waves: { [id]: wave } };
    }
  }
}

/** Of two tracks of one vital or waveform the first in the file is taken. */
const choose = (tracks: readonly VitalTrack[], isCutShort: boolean) => {
  const ledger = createLedger();
  const used = new Map<string, Used>();
  for (const track of tracks) {
    const { name, unit } = track;
    const found = meaningOf(track);
    const values = track.kind === 'other' ? track.records.length : valuesIn(track);
    const before = 'id' in found ? used.get(found.id) : undefined;
    if ('why' in found) ledger.leaveOut(name, unit, found.why, values);
    else if (before) ledger.leaveOut(name, unit, `a second ${found.id}, beside ${before.track.name}`, values);
    else {
      used.set(found.id, { ...found, track });
      ledger.map(name, unit, found.id, values);
    }
  }
  if (isCutShort) ledger.leaveOut('(the end)', undefined, 'the file ends within a packet: fetch it again', 0);
  return { mapped: ledger.mapped(), skipped: ledger.skipped(), used: [...used.values()] };
};

export const parseVital = ({ path, name }: Omit<SourceFile, 'text'>, bytes: Bytes): Recording => {
  const { tracks, isCutShort } = readVitalFile(path, bytes.read(0, bytes.size));
  const { mapped, skipped, used } = choose(tracks, isCutShort);
  const zeroSecond = used.reduce((first, { track }) => Math.min(first, track.records[0]?.second ?? first), Infinity);
  const frames: Iterable<Frame> = {
    [Symbol.iterator]: () =>
      mergeInTime(used.map((one) => (one.track.kind === 'wave' ? blocksOf : numbersOf)(one, zeroSecond))),
  };
  return { name, format: 'VitalDB file', mapped, skipped, span: spanOf(frames), frames };
};
