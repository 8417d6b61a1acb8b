import { UserError } from '#platform/errors.ts';

/**
 * The header of a WFDB record, as described in the WFDB manual, header(5): a record line, then a line a signal:
 * `file format[xSPF][:skew][+offset] [gain[(baseline)][/units] [resolution [zero [initial [checksum [block [description]]]]]]]`
 */
export type WfdbSignal = {
  readonly file: string;
  readonly format: number;
  /** Where the samples begin in the file. */
  readonly offsetBytes: number;
  /** Units of the converter per physical unit, and its value at 0 of it. */
  readonly gain: number;
  readonly baseline: number;
  readonly units: string;
  readonly initialValue: number | undefined;
  /** The sum of all samples, as 16 bits. */
  readonly checksum: number | undefined;
  readonly description: string;
};

export type WfdbHeader = {
  readonly name: string;
  readonly rate: number;
  readonly samples: number;
  readonly signals: readonly WfdbSignal[];
};

const DEFAULT_GAIN = 200;
const DEFAULT_RATE = 250;

const RECORD_LINE = /^(\S+?)(\/\d+)?\s+(\d+)(?:\s+([\d.]+)\S*)?(?:\s+(\d+))?/;
const FORMAT = /^(\d+)(?:x(\d+))?(?::(\d+))?(?:\+(\d+))?$/;
const GAIN = /^([\d.eE+-]+)(?:\((-?\d+)\))?(?:\/(\S+))?$/;

const integer = (field: string | undefined): number | undefined => (field === undefined ? undefined : Number(field));

const parseSignal = (path: string, line: string): WfdbSignal => {
  const [file = '', formatField = '', gainField, , zero, initial, checksum, , ...description] = line.split(/\s+/);
  const format = FORMAT.exec(formatField);
  if (!format) throw new UserError(`${path}: a signal line without a format: ${line}`);
  if (Number(format[2] ?? 1) !== 1 || Number(format[3] ?? 0) !== 0) {
    throw new UserError(`${path}: several samples a frame, or a skew, are not supported: ${formatField}`);
  }
  const gain = GAIN.exec(gainField ?? '');
  return {
    file,
    format: Number(format[1]),
    offsetBytes: Number(format[4] ?? 0),
    // A gain of 0, or none, means "not calibrated": the manual says to take the default gain and the unit NU.
    gain: Number(gain?.[1] ?? 0) || DEFAULT_GAIN,
    baseline: Number(gain?.[2] ?? zero ?? 0),
    units: Number(gain?.[1] ?? 0) === 0 ? 'NU' : (gain?.[3] ?? 'mV'),
    initialValue: integer(initial),
    checksum: integer(checksum),
    description: description.join(' '),
  };
};

export const isWfdbHeader = (text: string): boolean => {
  const [record = '', signal = ''] = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return RECORD_LINE.test(record) && FORMAT.test(signal.split(/\s+/)[1] ?? '');
};

export const parseWfdbHeader = (path: string, text: string): WfdbHeader => {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const record = RECORD_LINE.exec(lines[0] ?? '');
  if (!record) throw new UserError(`${path}: no record line at its head`);
  if (record[2]) throw new UserError(`${path}: records of several segments are not supported`);
  const signals = lines.slice(1, 1 + Number(record[3])).map((line) => parseSignal(path, line));
  if (signals.length !== Number(record[3]))
    throw new UserError(`${path}: ${record[3]} signals named, ${signals.length} described`);
  return {
    name: record[1] ?? '',
    rate: Number(record[4] ?? DEFAULT_RATE),
    samples: Number(record[5] ?? 0),
    signals,
  };
};
