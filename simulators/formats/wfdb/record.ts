import { UserError } from '#platform/errors.ts';
import { isShape } from '../columns.ts';
import type { Folder, Unpack } from '../folder.ts';
import type { SampledSignal } from '../sampled.ts';
import { unpackFlac } from './flac-samples.ts';
import type { WfdbHeader, WfdbSignal } from './header.ts';
import { compressedBits, DIFFERENCES, findFormat, type SampleFormat, samplesIn } from './sample-formats.ts';
import { createReader, type Place, type ReadSamples } from './samples.ts';

/** A WFDB record of one piece: its signals, checked against its header. */
export type WfdbRecord = { readonly frames: number; readonly signals: readonly SampledSignal[] };

/** The unit of what has a gain and no unit: WFDB manual, header(5). */
const DEFAULT_UNIT = 'mV';
const CHECKED_AT_ONCE = 50_000;

type Located = { readonly signal: WfdbSignal; readonly place: Place; readonly storedFrames: number };

const formatOf = (path: string, { format, file }: WfdbSignal): SampleFormat => {
  const found = findFormat(format);
  if (typeof found === 'string') throw new UserError(`${path}: ${file}: ${found}`);
  return found;
};

/** How the samples of a file are unpacked; undefined: they are not compressed. */
const unpackingOf = (path: string, group: readonly WfdbSignal[]): Unpack | undefined => {
  const [first] = group;
  const maxBits = first && compressedBits(first.format);
  if (!first || maxBits === undefined) return undefined;
  const { file, perFrame, offsetBytes: skipped } = first;
  if (group.some((other) => other.perFrame !== perFrame)) {
    throw new UserError(`${path}: the signals of ${file} differ in samples a frame, which FLAC cannot hold`);
  }
  return (at, bytes) => unpackFlac(at, bytes, { maxBits, channels: group.length, perFrame, skipped });
};

/** Signals of one file take turns in each frame, in the order of the header. */
const locate = (path: string, { signals }: WfdbHeader, folder: Folder): Located[] =>
  signals.map((signal, index) => {
    const group = signals.filter(({ file }) => file === signal.file);
    const format = formatOf(path, signal);
    if (group.some((other) => other.format !== signal.format || other.offsetBytes !== signal.offsetBytes)) {
      throw new UserError(`${path}: the signals of ${signal.file} differ in format or offset: the header is damaged`);
    }
    const samplesOf = (some: readonly WfdbSignal[]): number => some.reduce((sum, { perFrame }) => sum + perFrame, 0);
    const frameSamples = samplesOf(group);
    const before = signals.slice(0, index).filter(({ file }) => file === signal.file);
    const { perFrame } = signal;
    const unpack = unpackingOf(path, group);
    const open = () => folder.open(signal.file, unpack);
    // What is unpacked begins with the first sample of the record.
    const offsetBytes = unpack ? 0 : signal.offsetBytes;
    const bytes = Math.max(0, open().size - offsetBytes);
    return {
      signal,
      place: { open, format, offsetBytes, frameSamples, firstInFrame: samplesOf(before), perFrame },
      storedFrames: Math.floor(samplesIn(format, bytes) / frameSamples),
    };
  });

const asInt16 = (sum: number): number => (sum << 16) >> 16;

/** What the header says of the samples must be so: a wrong decoding must not look like a patient. */
const verify = (path: string, signal: WfdbSignal, read: ReadSamples, total: number): void => {
  const { initialValue, checksum, description, file, format } = signal;
  let sum = 0;
  let first: number | undefined;
  for (let from = 0; from < total; from += CHECKED_AT_ONCE) {
    const samples = read(from, Math.min(CHECKED_AT_ONCE, total - from));
    first ??= samples[0];
    for (const sample of samples) sum = (sum + sample) | 0;
  }
  // In format 8 the initial value is that before the first difference.
  const isFirst = initialValue === undefined || format === DIFFERENCES || total === 0 || initialValue === first;
  if (isFirst && (checksum === undefined || asInt16(checksum) === asInt16(sum))) return;
  throw new UserError(
    `${path}: the samples of ${description} do not match its header: ${file} is damaged, fetch it again`,
  );
};

const nameOf = ({ description }: WfdbSignal, index: number): string =>
  description.replace(/,$/, '').trim() || `signal ${index + 1}`;

export const openWfdbRecord = (path: string, header: WfdbHeader, folder: Folder): WfdbRecord => {
  const located = locate(path, header, folder);
  const stored = Math.min(...located.map(({ storedFrames }) => storedFrames));
  const frames = header.samples ?? (located.length > 0 ? stored : 0);
  const short = located.find(({ storedFrames }) => storedFrames < frames);
  if (short) {
    const { signal, storedFrames } = short;
    throw new UserError(`${path}: ${signal.file} ends after ${storedFrames} of ${frames} samples: fetch it again`);
  }
  const signals = located.map(({ signal, place }, index): SampledSignal => {
    const { perFrame, skew, gain, baseline, units, format, initialValue, zero } = signal;
    const total = frames * perFrame;
    const readRaw = createReader(place, format, initialValue ?? zero);
    verify(path, signal, readRaw, total);
    const name = nameOf(signal, index);
    const { missing } = place.format;
    return {
      name,
      // A shape has no size, so the default says nothing of it.
      unit: units ?? (isShape(name) ? undefined : DEFAULT_UNIT),
      perFrame,
      read(from, count) {
        const start = from + skew * perFrame;
        const raw = readRaw(start, Math.max(0, Math.min(count, total - start)));
        return Array.from({ length: count }, (_, at) => {
          const value = raw[at];
          return value === undefined || value === missing ? null : (value - baseline) / gain;
        });
      },
    };
  });
  return { frames, signals };
};
