import { DIGITAL_HIGH, MISSING, type Scale } from './scale.ts';

/** The header of a file: fields of ASCII, each of its own fixed length. */

export type EdfSignal = {
  /** At most 16 characters of ASCII, like every text below. */
  readonly label: string;
  /** At most 8 characters; empty for no unit. */
  readonly dimension: string;
  /** What its samples span. */
  readonly low: number;
  readonly high: number;
  readonly samplesPerRecord: number;
};

export type EdfFile = {
  /** The patient; `X X X X` names nobody. */
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

const ANNOTATIONS_LABEL = 'EDF Annotations';

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

const isContiguous = (records: readonly number[]): boolean => records.every((place, index) => place === index);

export const headerOf = (file: EdfFile, scales: readonly Scale[], annotationBytes: number): Buffer => {
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
