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

const parse = (text: string): Record<string, unknown> => {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null) return { ...json };
  } catch (cause) {
    throw new UnreadableFormatError('the state of alarms is not JSON', { cause });
  }
  throw new UnreadableFormatError('the state of alarms is no object');
};

const textOf = (value: Uint8Array): string => Buffer.from(value).toString('utf8');

/** The format stands first in what this release and the one before it write. A number of it has few digits. */
const VERSION_FIRST = /^\{"version":(\d{1,6}),/;
const VERSION_BYTES = 32;

/**
 * The format that a saved state names; undefined: it cannot be read. At a start every state is asked, of 10,000 beds too,
 * so the rest of it is read only where the format does not stand first.
 */
export const formatOfState = (value: Uint8Array): number | undefined => {
  const [, first] = VERSION_FIRST.exec(textOf(value.subarray(0, VERSION_BYTES))) ?? [];
  if (first !== undefined) return Number(first);
  try {
    const { version } = parse(textOf(value));
    return typeof version === 'number' ? version : undefined;
  } catch {
    return undefined;
  }
};

/** What stands before the settings, which this release and the one before it write last. */
const CONFIG_AT = ',"config":';
/** Settings of one stay each would fill it for nothing. */
const MAX_CONFIGS = 100;

/** Settings by their text: thousands of beds have the same, which are read once and kept in memory once. */
const configs = new Map<string, AlarmConfig>();

/** Remembers settings that are the end of this text, if they are, and if nothing was left out of them. */
const rememberConfig = (end: string, config: AlarmConfig, wasUnknown: boolean): void => {
  if (wasUnknown || end === '' || configs.size >= MAX_CONFIGS) return;
  try {
    // An alarm in the state has a `config` too: only what is whole by itself is the one of the state.
    parse(`{${end.slice(1)}`);
    configs.set(end, config);
  } catch {
    // The settings stand elsewhere: they are read each time.
  }
};

/** Throws a NewerFormatError, or an UnreadableFormatError. */
export const decodeState = (value: Uint8Array, onUnknown: OnUnknown = () => {}): SavedState => {
  const text = textOf(value);
  const endsAt = text.lastIndexOf(CONFIG_AT);
  const end = endsAt < 0 ? '' : text.slice(endsAt);
  const known = configs.get(end);
  const { version, state, config: stored } = parse(known ? `${text.slice(0, endsAt)}}` : text);
  if (typeof version !== 'number') throw new UnreadableFormatError('the state of alarms names no format');
  const read = readState(state, version, onUnknown);
  if (version === 1) return { state: read, config: null };
  if (known && version === FORMAT) return { state: read, config: known };
  let wasUnknown = version !== FORMAT;
  const config = readConfig(known ? parse(`{${end.slice(1)}`).config : stored, version, (what) => {
    wasUnknown = true;
    onUnknown(what);
  });
  rememberConfig(end, config, wasUnknown);
  return { state: read, config };
};
