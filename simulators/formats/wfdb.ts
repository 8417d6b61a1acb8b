import type { WaveId } from '#domain/waveforms.ts';
import { UserError } from '#platform/errors.ts';
import { waveNamed } from './columns.ts';
import { cutIntoBlocks, type Mapping, type Recording, type Skipped, type SourceFile } from './recording.ts';
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

/** Physical units that the catalogue knows under the same name; what is not calibrated (NU) goes as it is. */
const UCUM: Readonly<Record<string, string>> = { mV: 'mV', uV: 'uV', V: 'V', mmHg: 'mm[Hg]' };

export const parseWfdb = ({ path, name, text }: SourceFile, readFile: (name: string) => Uint8Array): Recording => {
  const header = parseWfdbHeader(path, text);
  const raw = decodeWfdb(path, header, readFile);
  const mapped: (Mapping & { readonly to: WaveId })[] = [];
  const skipped: Skipped[] = [];
  const signals: { id: WaveId; unit?: string; samples: (number | null)[] }[] = [];
  for (const [index, { description, gain, baseline, units, format }] of header.signals.entries()) {
    const id = waveNamed(description);
    if (!id || mapped.some(({ to }) => to === id)) {
      skipped.push({ from: description, why: id ? `a second ${id}` : 'not a waveform of the catalogue' });
      continue;
    }
    const invalid = DECODERS[format]?.invalid;
    const unit = UCUM[units];
    mapped.push({ from: description, to: id });
    signals.push({
      id,
      ...(unit ? { unit } : {}),
      samples: Array.from(raw[index] ?? [], (value) => (value === invalid ? null : (value - baseline) / gain)),
    });
  }
  return {
    name,
    format: 'WFDB record',
    mapped,
    skipped,
    frames: cutIntoBlocks({ signals, rate: header.rate, startMs: 0 }),
  };
};
