import { UserError } from '#platform/errors.ts';

/**
 * The header of a WFDB record, as described in the WFDB manual, header(5): a record line, then a line a signal, or a
 * line a segment where the record has several:
 * `name[/segments] signals [rate[/counter] [samples [time [date]]]]`
 * `file format[xSPF][:skew][+offset] [gain[(baseline)][/units] [resolution [zero [initial [checksum [block [description]]]]]]]`
 * `segment samples`
 */
export type WfdbSignal = {
  readonly file: string;
  readonly format: number;
  /** Samples of this signal in each frame. */
  readonly perFrame: number;
  /** Frames of this signal in the file that are before frame 0 of the record. */
  readonly skew: number;
  /** Where the samples begin in the file. */
  readonly offsetBytes: number;
  /** Units of the converter per physical unit, and its value at 0 of it. */
  readonly gain: number;
  readonly baseline: number;
  /** Undefined when none is written. */
  readonly units: string | undefined;
  /** The value of the converter in the middle of its range, which also stands for what else is not written. */
  readonly zero: number;
  readonly initialValue: number | undefined;
  /** The sum of all samples, as 16 bits. */
  readonly checksum: number | undefined;
  readonly description: string;
};

/** A part of a record in a record of its own; without a name it is a gap. */
export type WfdbSegment = { readonly name: string | undefined; readonly samples: number };

export type WfdbHeader = {
  readonly name: string;
  /** Frames a second. */
  readonly rate: number;
  /** Frames; undefined when it is not written. */
  readonly samples: number | undefined;
  readonly signalCount: number;
  readonly signals: readonly WfdbSignal[];
  /** Undefined for a record of one piece. */
  readonly segments: readonly WfdbSegment[] | undefined;
};

const DEFAULT_GAIN = 200;
const DEFAULT_RATE = 250;
/** A frame of more samples than this is no recording, and reading it would take all the memory. */
const MAX_PER_FRAME = 1_000_000;
const MAX_SIGNALS = 4_096;
/** Frames a second: from one in eleven days to one a microsecond. */
const RATES = { min: 1e-6, max: 1e6 } as const;

const RECORD_NAME = /^([^\s/]+?)(?:\/(\d+))?$/;
const RATE = /^(\d*\.?\d+(?:e[+-]?\d+)?)(?:\/.*)?$/i;
const FORMAT = /^(\d+)(?:x(\d+))?(?::(\d+))?(?:\+(\d+))?$/;
const GAIN = /^([+-]?\d*\.?\d+(?:e[+-]?\d+)?)\.?(?:\((-?\d+)\))?(?:\/(\S+))?$/i;
const NO_FILE = '~';

/** All but comments and empty lines. */
const linesOf = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));

const damaged = (path: string, what: string, line: string): UserError =>
  new UserError(`${path}: ${what} in the line "${line.slice(0, 80)}": the header is damaged, fetch it again`);

/** Only files beside the header are read: a header from elsewhere must not point anywhere on this machine. */
const bareName = (path: string, name: string): string => {
  if (/^[^/\\\p{Cc}]+$/u.test(name) && name !== '..' && name !== '.') return name;
  throw new UserError(
    `${path}: it names ${name}, and only files beside it are read: put that file there, and write its bare name`,
  );
};

export const isWfdbHeader = (text: string): boolean => {
  const [record = '', next = ''] = linesOf(text);
  const [name = '', signals = ''] = record.split(/\s+/);
  if (!RECORD_NAME.test(name) || !/^\d+$/.test(signals)) return false;
  const second = next.split(/\s+/)[1] ?? '';
  return RECORD_NAME.exec(name)?.[2] === undefined ? FORMAT.test(second) : /^\d+$/.test(second);
};

const parseSignal = (path: string, line: string): WfdbSignal => {
  const [file = '', formatField = '', gainField = '0', , zeroField, initial, checksum, , ...description] =
    line.split(/\s+/);
  const integer = (field: string | undefined): number | undefined => {
    if (field === undefined) return undefined;
    if (!/^[+-]?\d+$/.test(field)) throw damaged(path, `${field} is no whole number`, line);
    return Number(field);
  };
  const format = FORMAT.exec(formatField);
  if (!format) throw damaged(path, 'a signal without a format', line);
  const gain = GAIN.exec(gainField);
  if (!gain) throw damaged(path, `${gainField} is no gain`, line);
  const perFrame = Number(format[2] ?? 1);
  if (perFrame < 1 || perFrame > MAX_PER_FRAME) throw damaged(path, `${perFrame} samples a frame`, line);
  const zero = integer(zeroField) ?? 0;
  const isCalibrated = Number(gain[1]) !== 0;
  return {
    file: bareName(path, file),
    format: Number(format[1]),
    perFrame,
    skew: Number(format[3] ?? 0),
    offsetBytes: Number(format[4] ?? 0),
    // A gain of 0, or none, means "not calibrated": the manual says to take the default gain and the unit NU.
    gain: isCalibrated ? Number(gain[1]) : DEFAULT_GAIN,
    baseline: Number(gain[2] ?? zero),
    units: isCalibrated ? gain[3] : 'NU',
    zero,
    initialValue: integer(initial),
    checksum: integer(checksum),
    description: description.join(' '),
  };
};

const parseSegment = (path: string, line: string): WfdbSegment => {
  const [name = '', samples = ''] = line.split(/\s+/);
  if (!/^\d+$/.test(samples)) throw damaged(path, 'a segment without its number of samples', line);
  return { name: name === NO_FILE ? undefined : bareName(path, name), samples: Number(samples) };
};

const described = (path: string, lines: readonly string[], count: number, what: string): readonly string[] => {
  const found = lines.slice(1, 1 + count);
  if (found.length === count) return found;
  throw new UserError(
    `${path}: ${count} ${what} named, ${found.length} described: the header is damaged, fetch it again`,
  );
};

export const parseWfdbHeader = (path: string, text: string): WfdbHeader => {
  const lines = linesOf(text);
  const line = lines[0] ?? '';
  const [nameField = '', countField = '', rateField, samplesField] = line.split(/\s+/);
  const name = RECORD_NAME.exec(nameField);
  if (!name || !/^\d+$/.test(countField)) throw new UserError(`${path}: no record line at its head`);
  const rate = rateField === undefined ? DEFAULT_RATE : Number(RATE.exec(rateField)?.[1]);
  if (!(rate >= RATES.min && rate <= RATES.max)) throw damaged(path, `${rateField} is no sampling rate`, line);
  if (samplesField !== undefined && !/^\d+$/.test(samplesField)) {
    throw damaged(path, `${samplesField} is no number of samples`, line);
  }
  const signalCount = Number(countField);
  if (signalCount > MAX_SIGNALS) throw damaged(path, `${countField} signals`, line);
  const segmentCount = name[2] === undefined ? undefined : Number(name[2]);
  const signals =
    segmentCount === undefined
      ? described(path, lines, signalCount, 'signals').map((one) => parseSignal(path, one))
      : [];
  const segments =
    segmentCount === undefined
      ? undefined
      : described(path, lines, segmentCount, 'segments').map((one) => parseSegment(path, one));
  // The manual allows 0 for "not known".
  return { name: name[1] ?? '', rate, samples: Number(samplesField ?? 0) || undefined, signalCount, signals, segments };
};
