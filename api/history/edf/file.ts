import { channelBytes, talOf, timekeeping } from './annotations.ts';
import { type EdfFile, headerOf } from './header.ts';
import { digital, MISSING, scaleOf } from './scale.ts';

/**
 * EDF+ (European Data Format, Kemp & Olivan 2003): a header of ASCII fields, then records of 16-bit samples, each with a
 * channel of annotations that says when it was. Written by ourselves: npm has readers only.
 * @see https://www.edfplus.info/specs/edfplus.html
 */

export type EdfWriter = {
  readonly header: Buffer;
  readonly totalBytes: number;
  /** The bytes of the next record; NaN is a missing sample, and so is a signal that is left out. */
  readonly record: (samples: readonly (Float32Array | undefined)[]) => Buffer;
};

/** A file written from its beginning to its end: the header, then `record` once for each of `records`. */
export const createEdf = (file: EdfFile): EdfWriter => {
  const { signals, startMs, recordSeconds, records } = file;
  const scales = signals.map(scaleOf);
  const tals = file.annotations.map((annotation) => talOf(annotation, startMs));
  const annotationBytes = channelBytes(tals, records.length);
  const recordBytes = signals.reduce((sum, { samplesPerRecord }) => sum + 2 * samplesPerRecord, 0) + annotationBytes;
  const header = headerOf(file, scales, annotationBytes);
  let written = 0;
  let nextTal = 0;

  const writeAnnotations = (record: Buffer, from: number): void => {
    let at = from + timekeeping(records[written] ?? 0, recordSeconds).copy(record, from);
    for (let tal = tals[nextTal]; tal && at + tal.length <= record.length; tal = tals[nextTal]) {
      at += tal.copy(record, at);
      nextTal += 1;
    }
  };

  return {
    header,
    totalBytes: header.length + records.length * recordBytes,
    record(samples) {
      const record = Buffer.alloc(recordBytes);
      let at = 0;
      signals.forEach(({ samplesPerRecord }, index) => {
        const scale = scales[index];
        const values = samples[index];
        for (let place = 0; place < samplesPerRecord; place += 1) {
          record.writeInt16LE(scale && values ? digital(values[place] ?? Number.NaN, scale) : MISSING, at);
          at += 2;
        }
      });
      writeAnnotations(record, at);
      written += 1;
      return record;
    },
  };
};
