/**
 * EDF+ (European Data Format, Kemp & Olivan 2003): a header of ASCII fields, then records of 16-bit samples, each with a
 * channel of annotations that says when it was. Written by ourselves: npm has readers only.
 * @see https://www.edfplus.info/specs/edfplus.html
 */

export type EdfSignal = {
  /** At most 16 characters, as below of ASCII. */
  readonly label: string;
  /** At most 8 characters; empty: none. */
  readonly dimension: string;
  /** What its samples span. */
  readonly low: number;
  readonly high: number;
  readonly samplesPerRecord: number;
};

export type EdfFile = {
  /** Who: `X X X X` is nobody in particular. */
  readonly patient: string;
  /** A whole second; records are placed from here. */
  readonly startMs: number;
  readonly recordSeconds: number;
  /** The place of each record, rising from 0: what is left out is a gap. */
  readonly records: readonly number[];
  readonly signals: readonly EdfSignal[];
  readonly annotations: readonly EdfAnnotation[];
};

/** `lengthMs` null: a moment. */
export type EdfAnnotation = { readonly atMs: number; readonly lengthMs: number | null; readonly text: string };

export type EdfWriter = {
  readonly header: Buffer;
  readonly totalBytes: number;
  /** The bytes of the next record; NaN is a missing sample, and so is a signal that is left out. */
  readonly record: (samples: readonly (Float32Array | undefined)[]) => Buffer;
};

const ANNOTATIONS_LABEL = 'EDF Annotations';

/** The lowest digital value is kept for a sample that is missing, as EDF has none for that. */
const MISSING = -32_768;
const DIGITAL_LOW = -32_767;
const DIGITAL_HIGH = 32_767;

const field = (text: string, length: number): string => {
  const ascii = text.replaceAll(/[^\x20-\x7e]/g, '?');
  return ascii.slice(0, length).padEnd(length, ' ');
};

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const two = (value: number): string => String(value % 100).padStart(2, '0');

/** Times are UTC: a station does not know where its ward's clocks stand. */
const dateFields = (startMs: number) => {
  const at = new Date(startMs);
  const [day, month, year] = [at.getUTCDate(), at.getUTCMonth(), at.getUTCFullYear()];
  return {
    date: `${two(day)}.${two(month + 1)}.${two(year)}`,
    time: `${two(at.getUTCHours())}.${two(at.getUTCMinutes())}.${two(at.getUTCSeconds())}`,
    recording: `Startdate ${two(day)}-${MONTHS[month]}-${year} X X wardwatch`,
  };
};

/** A number in at most 8 characters, not above (or below) what was given. */
const shortNumber = (value: number, round: (value: number) => number): string => {
  for (let decimals = 6; decimals >= 0; decimals -= 1) {
    const text = String(Number((round(value * 10 ** decimals) / 10 ** decimals).toFixed(decimals)));
    if (text.length <= 8 && !text.includes('e')) return text;
  }
  throw new RangeError(`${value} does not fit a field of EDF`);
};

type Scale = { readonly lowText: string; readonly highText: string; readonly low: number; readonly step: number };

/** By the numbers as they stand in the header, so that a reader computes what was meant. */
const scaleOf = ({ low, high }: EdfSignal): Scale => {
  // A flat line has a range, too; and below the lowest is room for what is missing.
  const room = Math.max(high - low, 1e-3) / 1_000;
  const lowText = shortNumber(low - room, Math.floor);
  const highText = shortNumber(high + room, Math.ceil);
  const step = (Number(highText) - Number(lowText)) / (DIGITAL_HIGH - MISSING);
  return { lowText, highText, low: Number(lowText), step };
};

const digital = (value: number, { low, step }: Scale): number => {
  if (Number.isNaN(value)) return MISSING;
  return Math.min(DIGITAL_HIGH, Math.max(DIGITAL_LOW, Math.round((value - low) / step) + MISSING));
};

const seconds = (ms: number): string => String(Number((ms / 1_000).toFixed(3)));

/** Time-stamped annotation list; control characters would end it. */
const talOf = ({ atMs, lengthMs, text }: EdfAnnotation, startMs: number): Buffer => {
  const onset = atMs - startMs;
  const words = text.replaceAll(/\p{Cc}/gu, ' ').slice(0, 120);
  const length = lengthMs === null ? '' : `\x15${seconds(lengthMs)}`;
  return Buffer.from(`${onset < 0 ? '' : '+'}${seconds(onset)}${length}\x14${words}\x14\0`);
};

/** When a record was: the first in its channel of annotations. */
const timekeeping = (place: number, recordSeconds: number): Buffer =>
  Buffer.from(`+${place * recordSeconds}\x14\x14\0`);

const LONGEST_TIMEKEEPING = 24;

/**
 * Bytes of the channel in each record. Filling records one after another leaves at most the longest free in each, so
 * that all find room.
 */
const channelBytes = (tals: readonly Buffer[], records: number): number => {
  const longest = Math.max(0, ...tals.map(({ length }) => length));
  const total = tals.reduce((sum, { length }) => sum + length, 0);
  const bytes = LONGEST_TIMEKEEPING + longest + Math.ceil(total / Math.max(1, records));
  return bytes + (bytes % 2);
};

const isContiguous = (records: readonly number[]): boolean => records.every((place, index) => place === index);

const headerOf = (file: EdfFile, scales: readonly Scale[], annotationBytes: number): Buffer => {
  const { patient, startMs, recordSeconds, records, signals } = file;
  const { date, time, recording } = dateFields(startMs);
  const count = signals.length + 1;
  /** Field by field, each for all signals and then for the annotations. */
  const each = (length: number, of: (signal: EdfSignal, scale: Scale) => string, ofAnnotations: string): string =>
    signals
      .map((signal, index) => {
        const scale = scales[index];
        return field(scale ? of(signal, scale) : '', length);
      })
      .join('') + field(ofAnnotations, length);
  const text = [
    field('0', 8),
    field(patient, 80),
    field(recording, 80),
    field(date, 8),
    field(time, 8),
    field(String(256 * (count + 1)), 8),
    field(isContiguous(records) ? 'EDF+C' : 'EDF+D', 44),
    field(String(records.length), 8),
    field(String(recordSeconds), 8),
    field(String(count), 4),
    each(16, ({ label }) => label, ANNOTATIONS_LABEL),
    each(80, () => '', ''),
    each(8, ({ dimension }) => dimension, ''),
    each(8, (_signal, { lowText }) => lowText, '-1'),
    each(8, (_signal, { highText }) => highText, '1'),
    each(8, () => String(MISSING), String(MISSING)),
    each(8, () => String(DIGITAL_HIGH), String(DIGITAL_HIGH)),
    each(80, () => '', ''),
    each(8, ({ samplesPerRecord }) => String(samplesPerRecord), String(annotationBytes / 2)),
    each(32, () => '', ''),
  ].join('');
  return Buffer.from(text, 'ascii');
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
