import { UserError } from '#platform/errors.ts';
import type { Bytes } from '../bytes.ts';

/**
 * The header of a file in EDF or EDF+ (European Data Format): fields of ASCII, each of its own fixed length.
 * @see https://www.edfplus.info/specs/edf.html
 */
export type EdfSignal = {
  readonly label: string;
  /** Empty when none is written. */
  readonly dimension: string;
  readonly physical: readonly [min: number, max: number];
  readonly digital: readonly [min: number, max: number];
  readonly samplesPerRecord: number;
};

export type EdfHeader = {
  readonly version: string;
  readonly patient: string;
  readonly recording: string;
  readonly date: string;
  readonly time: string;
  readonly headerBytes: number;
  /** `EDF+C` or `EDF+D` for EDF+, where D is one with gaps. */
  readonly reserved: string;
  /** -1: not known when the header was written. */
  readonly records: number;
  readonly recordSeconds: number;
  readonly signals: readonly EdfSignal[];
};

export const ANNOTATIONS = 'EDF Annotations';

const FIXED_BYTES = 256;
const SIGNAL_BYTES = 256;
const MAX_SIGNALS = 4_096;
/** A record of more bytes is no recording, and reading it would take all the memory. */
const MAX_RECORD_BYTES = 2 ** 26;

export const isEdf = (head: string): boolean => /^0 {7}\P{Cc}{160}/u.test(head);

const damaged = (path: string, what: string): UserError =>
  new UserError(`${path}: ${what}: the header is damaged, fetch it again`);

/** Reads one field after another. */
const createCursor = (path: string, bytes: Buffer) => {
  let at = 0;
  const text = (length: number): string => {
    at += length;
    return bytes.toString('latin1', at - length, at).trimEnd();
  };
  const number = (length: number, what: string): number => {
    const field = text(length).trim();
    const value = field === '' ? Number.NaN : Number(field);
    if (!Number.isFinite(value)) throw damaged(path, `${what} is no number but "${field}"`);
    return value;
  };
  const count = (length: number, what: string, min: number, max: number): number => {
    const value = number(length, what);
    if (!Number.isInteger(value) || value < min || value > max) throw damaged(path, `${what} is ${value}`);
    return value;
  };
  return { text, number, count };
};

const parseSignals = (path: string, bytes: Buffer, count: number): EdfSignal[] => {
  const { text, number, count: whole } = createCursor(path, bytes);
  const all = <T>(read: () => T): T[] => Array.from({ length: count }, read);
  const labels = all(() => text(16));
  all(() => text(80));
  const dimensions = all(() => text(8));
  const [physicalMin, physicalMax] = [
    all(() => number(8, 'a physical minimum')),
    all(() => number(8, 'a physical maximum')),
  ];
  const [digitalMin, digitalMax] = [
    all(() => number(8, 'a digital minimum')),
    all(() => number(8, 'a digital maximum')),
  ];
  all(() => text(80));
  const samplesPerRecord = all(() => whole(8, 'the number of samples in a record', 0, MAX_RECORD_BYTES));
  return labels.map((label, index) => {
    const digital = [digitalMin[index] ?? 0, digitalMax[index] ?? 0] as const;
    const physical = [physicalMin[index] ?? 0, physicalMax[index] ?? 0] as const;
    if (label !== ANNOTATIONS && (digital[0] >= digital[1] || physical[0] === physical[1])) {
      throw damaged(path, `${label} has no range of values`);
    }
    const perRecord = samplesPerRecord[index] ?? 0;
    return { label, dimension: dimensions[index] ?? '', physical, digital, samplesPerRecord: perRecord };
  });
};

export const recordBytesOf = (signals: readonly EdfSignal[]): number =>
  signals.reduce((sum, { samplesPerRecord }) => sum + 2 * samplesPerRecord, 0);

export const parseEdfHeader = (path: string, bytes: Bytes): EdfHeader => {
  const { text, number, count } = createCursor(path, bytes.read(0, FIXED_BYTES));
  const [version, patient, recording, date, time] = [text(8), text(80), text(80), text(8), text(8)];
  const headerBytes = number(8, 'the length of the header');
  const reserved = text(44);
  const records = count(8, 'the number of records', -1, Number.MAX_SAFE_INTEGER);
  const recordSeconds = number(8, 'the length of a record');
  const signalCount = count(4, 'the number of signals', 0, MAX_SIGNALS);
  if (headerBytes !== FIXED_BYTES + signalCount * SIGNAL_BYTES)
    throw damaged(path, `its header is ${headerBytes} bytes long`);
  const signals = parseSignals(path, bytes.read(FIXED_BYTES, signalCount * SIGNAL_BYTES), signalCount);
  if (recordBytesOf(signals) > MAX_RECORD_BYTES) throw damaged(path, `a record has ${recordBytesOf(signals)} bytes`);
  if (recordSeconds < 0 || (recordSeconds === 0 && signals.some(({ label }) => label !== ANNOTATIONS))) {
    throw damaged(path, `a record lasts ${recordSeconds} s`);
  }
  return { version, patient, recording, date, time, headerBytes, reserved, records, recordSeconds, signals };
};
