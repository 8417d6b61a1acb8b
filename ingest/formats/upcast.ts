import {
  FORMAT,
  NewerFormatError,
  readConfig,
  readState,
  UnreadableFormatError,
} from '#domain/alarms/formats/upcast.ts';
import type { OnUnknown } from '#domain/alarms/formats/written.ts';
import type { AlarmConfig } from '#domain/alarms/settings.ts';
import type { AlarmState } from '#domain/alarms/state.ts';
import { ByteReader } from '#platform/bytes.ts';
import { type AlarmToStore, readAlarmBodyToStore } from '../alarm-record.ts';
import { type JournalRecord, KIND_CODES } from '../record.ts';
import { FORMAT_FLAG } from './flag.ts';
import { BODIES_V1, type ReadBody } from './v1.ts';
import { BODIES_V2 } from './v2.ts';

/** The bytes of any release, as today's records and states. */

const BODIES: Readonly<Record<number, Readonly<Record<number, ReadBody>>>> = { 1: BODIES_V1, 2: BODIES_V2 };

/** The format that a record names; those of the first release name none. */
export const formatOfRecord = (bytes: Uint8Array): number => {
  const [first = 0] = bytes;
  return first >= FORMAT_FLAG ? first - FORMAT_FLAG : 1;
};

type Opened = { readonly format: number; readonly kind: number; readonly reader: ByteReader };

const open = (bytes: Buffer): Opened => {
  const format = formatOfRecord(bytes);
  if (format > FORMAT) throw new NewerFormatError('a record in the journal', format);
  const reader = new ByteReader(bytes);
  if (format > 1) reader.u8();
  return { format, kind: reader.u8(), reader };
};

const readOpened = ({ format, kind, reader }: Opened): JournalRecord => {
  const readBody = BODIES[format]?.[kind];
  if (!readBody) throw new RangeError(`unknown kind of journal record: ${kind} of format ${format}`);
  return readBody(reader, reader.f64());
};

/** Throws a NewerFormatError, or a RangeError on bytes that no version of this station wrote. */
export const decodeRecord = (bytes: Buffer): JournalRecord => readOpened(open(bytes));

/** A record for who only puts it into the database. */
export type RecordToStore = Exclude<JournalRecord, { kind: 'alarm' }> | AlarmToStore;

/** Throws as `decodeRecord` does. */
export const decodeRecordToStore = (bytes: Buffer): RecordToStore => {
  const opened = open(bytes);
  const { format, kind, reader } = opened;
  // The table of kinds gives no other kind this type.
  if (kind !== KIND_CODES.alarm) return readOpened(opened) as RecordToStore;
  return { kind: 'alarm', receivedAt: reader.f64(), ...readAlarmBodyToStore(reader.bytes(), format) };
};

/** Where a subject's alarms stood, and by which settings; null: the first release did not say. */
export type SavedState = { readonly state: AlarmState; readonly config: AlarmConfig | null };

const parse = (value: Uint8Array): Record<string, unknown> => {
  try {
    const json: unknown = JSON.parse(Buffer.from(value).toString('utf8'));
    if (typeof json === 'object' && json !== null) return { ...json };
  } catch (cause) {
    throw new UnreadableFormatError('the state of alarms is not JSON', { cause });
  }
  throw new UnreadableFormatError('the state of alarms is no object');
};

/** The format that a saved state names; undefined: it cannot be read. */
export const formatOfState = (value: Uint8Array): number | undefined => {
  try {
    const { version } = parse(value);
    return typeof version === 'number' ? version : undefined;
  } catch {
    return undefined;
  }
};

/** Throws a NewerFormatError, or an UnreadableFormatError. */
export const decodeState = (value: Uint8Array, onUnknown?: OnUnknown): SavedState => {
  const { version, state, config } = parse(value);
  if (typeof version !== 'number') throw new UnreadableFormatError('the state of alarms names no format');
  return {
    state: readState(state, version, onUnknown),
    config: version === 1 ? null : readConfig(config, version, onUnknown),
  };
};
