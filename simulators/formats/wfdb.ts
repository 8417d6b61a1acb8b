import type { VitalId } from '#domain/vitals.ts';
import type { WaveId } from '#domain/waveforms.ts';
import { UserError } from '#platform/errors.ts';
import { inUnit, type Meaning, vitalIn, waveIn } from './columns.ts';
import { cutIntoBlocks, type Frame, type Mapping, type Recording, type Skipped, type SourceFile } from './recording.ts';
import { parseWfdbHeader, type WfdbHeader, type WfdbSignal } from './wfdb-header.ts';

/** Samples of a WFDB record (PhysioNet), formats 16 and 212: WFDB manual, signal(5). */
type Decoder = {
  /** The value that stands for "no sample here". */
  readonly invalid: number;
  readonly count: (bytes: number) => number;
  readonly sample: (data: DataView, index: number) => number;
};

/** 12 bits, two's complement. */
const signed12 = (value: number): number => (value > 2_047 ? value - 4_096 : value);

const DECODERS: Readonly<Record<number, Decoder>> = {
  16: {
    invalid: -32_768,
    count: (bytes) => Math.floor(bytes / 2),
    sample: (data, index) => data.getInt16(2 * index, true),
  },
  212: {
    invalid: -2_048,
    count: (bytes) => Math.floor(bytes / 3) * 2 + (bytes % 3 === 2 ? 1 : 0),
    // Two samples in three bytes: the low bytes are the first and third, the middle one has both high nibbles.
    sample: (data, index) => {
      const at = 3 * (index >> 1);
      const middle = data.getUint8(at + 1);
      return index % 2 === 0
        ? signed12(data.getUint8(at) | ((middle & 0x0f) << 8))
        : signed12(data.getUint8(at + 2) | ((middle & 0xf0) << 4));
    },
  },
};

const asInt16 = (sum: number): number => (sum << 16) >> 16;

/** What the header says of the samples must be so: a wrong decoding must not look like a patient. */
const verify = (path: string, { initialValue, checksum, description, file }: WfdbSignal, raw: Int32Array) => {
  const sum = asInt16(raw.reduce((total, value) => (total + value) | 0, 0));
  const first = initialValue === undefined || initialValue === raw[0];
  if (first && (checksum === undefined || asInt16(checksum) === sum)) return;
  throw new UserError(`${path}: the samples of ${description} do not match its header: ${file} is damaged`);
};

/** The converter's values of each signal, in the header's order. Signals of one file alternate sample by sample. */
export const decodeWfdb = (path: string, header: WfdbHeader, readFile: (name: string) => Uint8Array): Int32Array[] =>
  header.signals.map((signal) => {
    const group = header.signals.filter(({ file }) => file === signal.file);
    const decoder = DECODERS[signal.format];
    if (!decoder || group.some(({ format }) => format !== signal.format)) {
      throw new UserError(`${path}: sample format ${signal.format} is not supported, only 16 and 212`);
    }
    const bytes = readFile(signal.file);
    const data = new DataView(
      bytes.buffer,
      bytes.byteOffset + signal.offsetBytes,
      bytes.byteLength - signal.offsetBytes,
    );
    const stored = Math.floor(decoder.count(data.byteLength) / group.length);
    const length = header.samples || stored;
    if (stored < length) throw new UserError(`${path}: ${signal.file} ends after ${stored} of ${length} samples`);
    const place = group.indexOf(signal);
    const raw = Int32Array.from({ length }, (_, index) => decoder.sample(data, index * group.length + place));
    verify(path, signal, raw);
    return raw;
  });

/** One message a sample: the records of numerics that go with those of waveforms. */
const numericFrames = (
  numerics: readonly (Meaning<VitalId> & { readonly samples: readonly (number | null)[] })[],
  rate: number,
): Frame[] =>
  Array.from({ length: Math.max(0, ...numerics.map(({ samples }) => samples.length)) }, (_, index) => ({
    atMs: Math.round((index * 1_000) / rate),
    vitals: Object.fromEntries(numerics.map(({ id, unit, samples }) => [id, inUnit(samples[index] ?? null, unit)])),
  }));

/** `RESP` in `pm` is a rate and in `Ohm` a waveform: the unit says which. */
export const parseWfdb = ({ path, name, text }: SourceFile, readFile: (name: string) => Uint8Array): Recording => {
  const header = parseWfdbHeader(path, text);
  const raw = decodeWfdb(path, header, readFile);
  const mapped: Mapping[] = [];
  const skipped: Skipped[] = [];
  const waves: (Meaning<WaveId> & { samples: (number | null)[] })[] = [];
  const numerics: (Meaning<VitalId> & { samples: (number | null)[] })[] = [];
  for (const [index, { description, gain, baseline, units, format }] of header.signals.entries()) {
    const asWave = waveIn(description.trim(), units);
    const asVital = 'id' in asWave ? asWave : vitalIn(description.trim(), units);
    const id = 'id' in asWave ? asWave.id : 'id' in asVital ? asVital.id : undefined;
    if (id === undefined || mapped.some(({ to }) => to === id)) {
      const why = [asWave, asVital].flatMap((found) => ('why' in found ? [found.why] : []));
      skipped.push({ from: description, why: id ? `a second ${id}` : why.join('; ') });
      continue;
    }
    const invalid = DECODERS[format]?.invalid;
    const samples = Array.from(raw[index] ?? [], (value) => (value === invalid ? null : (value - baseline) / gain));
    mapped.push({ from: description, to: id });
    if ('id' in asWave) waves.push({ ...asWave, samples });
    else if ('id' in asVital) numerics.push({ ...(asVital as Meaning<VitalId>), samples });
  }
  const { rate } = header;
  const frames = [...cutIntoBlocks({ signals: waves, rate, startMs: 0 }), ...numericFrames(numerics, rate)];
  return { name, format: 'WFDB record', mapped, skipped, frames: frames.sort((a, b) => a.atMs - b.atMs) };
};
