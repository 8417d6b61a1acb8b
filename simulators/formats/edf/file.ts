import { UserError } from '#platform/errors.ts';
import type { Bytes } from '../bytes.ts';
import { annotationsIn, type EdfAnnotation } from './annotations.ts';
import { ANNOTATIONS, type EdfHeader, parseEdfHeader, recordBytesOf } from './header.ts';

/** A file in EDF or EDF+, read piece by piece. */
export type Edf = {
  readonly header: EdfHeader;
  readonly records: number;
  /** The values of the converter of a signal, from its first sample in the file on. */
  readonly read: (signal: number, from: number, count: number) => Int16Array;
  /** When each record was, in seconds. */
  readonly onsets: () => Generator<number>;
  readonly annotations: () => Generator<EdfAnnotation>;
};

const recordsIn = (path: string, header: EdfHeader, bytes: Bytes): number => {
  const recordBytes = recordBytesOf(header.signals);
  const stored = recordBytes === 0 ? 0 : Math.floor((bytes.size - header.headerBytes) / recordBytes);
  if (header.records <= stored) return header.records < 0 ? stored : header.records;
  throw new UserError(`${path} ends after ${stored} of ${header.records} records: fetch it again`);
};

export const openEdf = (path: string, bytes: Bytes): Edf => {
  const header = parseEdfHeader(path, bytes);
  const { signals, headerBytes, recordSeconds } = header;
  const records = recordsIn(path, header, bytes);
  const recordBytes = recordBytesOf(signals);
  const offsets = signals.map((_, index) => recordBytesOf(signals.slice(0, index)));
  const channels = signals.flatMap(({ label }, index) => (label === ANNOTATIONS ? [index] : []));

  const samplesOf = (signal: number): number => signals[signal]?.samplesPerRecord ?? 0;
  const bytesOf = (signal: number, record: number, from = 0, to = samplesOf(signal)): Buffer =>
    bytes.read(headerBytes + record * recordBytes + (offsets[signal] ?? 0) + 2 * from, 2 * (to - from));

  return {
    header,
    records,
    read(signal, from, count) {
      const perRecord = samplesOf(signal);
      const samples = new Int16Array(count);
      for (let done = 0; done < count; ) {
        const record = Math.floor((from + done) / perRecord);
        const first = from + done - record * perRecord;
        const part = bytesOf(signal, record, first, Math.min(perRecord, first + count - done));
        if (part.length === 0)
          throw new UserError(`${path} ends before its record ${record + 1}: it changed while it was read`);
        for (let at = 0; at < part.length; at += 2, done += 1) samples[done] = part.readInt16LE(at);
      }
      return samples;
    },
    *onsets() {
      const [keeper] = channels;
      for (let record = 0; record < records; record += 1) {
        const onset = keeper === undefined ? record * recordSeconds : annotationsIn(bytesOf(keeper, record))[0]?.onset;
        if (onset === undefined)
          throw new UserError(`${path}: record ${record + 1} does not say when it was: it is damaged`);
        yield onset;
      }
    },
    *annotations() {
      for (let record = 0; record < records; record += 1) {
        for (const channel of channels) {
          for (const annotation of annotationsIn(bytesOf(channel, record))) {
            if (annotation.texts.length > 0) yield annotation;
          }
        }
      }
    },
  };
};
