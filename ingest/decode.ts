import { type RejectReason, StatusMessage } from '#contracts/mqtt/messages.ts';
import { fedBy, findVital, type VitalId, vital } from '#domain/vitals.ts';
import { findWave, type WaveId } from '#domain/waveforms.ts';
import { type Compare, compareReadings, compareSamples, readVital, readWave } from './entries.ts';
import {
  type Decoded,
  decodeMessages,
  type Envelope,
  finishMessage,
  type Message,
  readMessageTime,
  takeEnvelope,
} from './envelope.ts';
import { addFault, type Fault, isFault, label } from './fault.ts';
import { parsePayload } from './payload/parse.ts';
import { Fields, type Value } from './payload/value.ts';
import type { Reading, Samples } from './record.ts';

/**
 * Payload bytes to measurements in catalogue units, or to the reasons why not. Never throws: whatever a device
 * sends, the answer is an answer. One bad field or entry does not cost its neighbours.
 */

/** Several times the catalogue. */
const MAX_ENTRIES_OF_A_MESSAGE = 256;

/** What differs between the two channels that measure. */
type Channel<Id, Item> = {
  readonly name: 'vitals' | 'waves';
  readonly unknown: RejectReason;
  readonly find: (key: string) => Id | undefined;
  readonly read: (id: Id, key: string, input: Value) => Item | Fault;
  readonly compare: Compare<Id, Item>;
  /** The same item as one of what its vital is a source of. */
  readonly feed?: (id: Id, item: Item) => { readonly id: Id; readonly item: Item } | undefined;
};

/**
 * A rate of one source counts as a rate of breathing too, which alone has limits: a device that sends no other must still
 * have its apnoea (decision 0022).
 */
const feedVital = (source: VitalId, item: Reading): { id: VitalId; item: Reading } | undefined => {
  const id = fedBy(source);
  return id && { id, item: { ...item, mdc: vital(id).mdc } };
};

const VITALS: Channel<VitalId, Reading> = {
  name: 'vitals',
  unknown: 'vital-unknown',
  find: findVital,
  read: readVital,
  compare: compareReadings,
  feed: feedVital,
};

const WAVES: Channel<WaveId, Samples> = {
  name: 'waves',
  unknown: 'wave-unknown',
  find: findWave,
  read: readWave,
  compare: compareSamples,
};

/** The entries of a message, beside those of the same name: a name that stands twice in JSON is read twice. */
const readEntries = <Id, Item extends object>(
  channel: Channel<Id, Item>,
  { keys, values }: Fields,
  into: Items<Id, Item>,
  faults: Fault[],
): void => {
  if (keys.length > MAX_ENTRIES_OF_A_MESSAGE) {
    const detail = `${keys.length} entries in one message, at most ${MAX_ENTRIES_OF_A_MESSAGE}`;
    addFault(faults, 'payload-invalid', detail);
    return;
  }
  if (keys.length === 0) addFault(faults, 'payload-invalid', 'nothing measured in the message');
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] ?? '';
    const id = channel.find(key);
    if (id === undefined) {
      addFault(faults, channel.unknown, `${label(key)}: not in the catalogue`);
      continue;
    }
    const item = channel.read(id, key, values[index] ?? null);
    if (isFault(item)) addFault(faults, item.reason, item.detail);
    else {
      addItem(channel, into, { id, key, item }, faults);
      const fed = channel.feed?.(id, item);
      if (fed) addItem(channel, into, { key, ...fed }, faults);
    }
  }
};

/** The items of one message, and beside each what it was sent as. */
type Items<Id, Item> = { readonly ids: Id[]; readonly keys: string[]; readonly items: Item[] };

const addItem = <Id, Item extends object>(
  { compare, find }: Channel<Id, Item>,
  { ids, keys, items }: Items<Id, Item>,
  { id, key, item }: { id: Id; key: string; item: Item },
  faults: Fault[],
): void => {
  const place = ids.indexOf(id);
  const before = items[place];
  const beforeKey = keys[place] ?? '';
  if (before === undefined) {
    ids.push(id);
    keys.push(key);
    items.push(item);
    return;
  }
  const order = compare(id, before, beforeKey, item, key);
  if (order === 0) return;
  if (order > 0) {
    keys[place] = key;
    items[place] = item;
  }
  const [kept, left] = order > 0 ? [key, beforeKey] : [beforeKey, key];
  // What came from a source of the vital is kept as the source's own, so nothing was refused.
  if (find(left) !== id) return;
  addFault(faults, 'entry-twice', `${left} and ${kept} are both ${String(id)} and differ: ${kept} is kept`);
};

const readMessage = <Id, Item extends object>(
  channel: Channel<Id, Item>,
  input: Value,
  faults: Fault[],
): Message<Item> | undefined => {
  if (!(input instanceof Fields)) {
    addFault(faults, 'payload-invalid', 'message: expected an object');
    return undefined;
  }
  const envelope: Envelope = {};
  const found: Items<Id, Item> = { ids: [], keys: [], items: [] };
  let hasEntries = false;
  for (let index = 0; index < input.keys.length; index++) {
    const key = input.keys[index];
    const value = input.values[index] ?? null;
    if (key === channel.name && value instanceof Fields) {
      hasEntries = true;
      readEntries(channel, value, found, faults);
    } else takeEnvelope(envelope, key, value);
  }
  if (!hasEntries) {
    addFault(faults, 'payload-invalid', `${channel.name}: expected an object`);
    return undefined;
  }
  return finishMessage(envelope, found.items, faults);
};

const decodeBatch = <Id, Item extends object>(channel: Channel<Id, Item>, payload: Buffer): Decoded<Item> =>
  decodeMessages(payload, (input, faults) => readMessage(channel, input, faults));

export const decodeVitals = (payload: Buffer): Decoded<Reading> => decodeBatch(VITALS, payload);

export const decodeWaves = (payload: Buffer): Decoded<Samples> => decodeBatch(WAVES, payload);

export type Status = Omit<StatusMessage, 'time'> & { readonly time: number | undefined };

/** `status` is undefined when it does not say whether the device is online; any other bad field costs only itself. */
export type DecodedStatus = { readonly status: Status | undefined; readonly faults: readonly Fault[] };

export const decodeStatus = (payload: Buffer): DecodedStatus => {
  const parsed = parsePayload(payload);
  const refused = (reason: RejectReason, detail: string) => ({ status: undefined, faults: [{ reason, detail }] });
  if ('why' in parsed) return refused('payload-malformed', parsed.why);
  if (!(parsed.value instanceof Fields)) return refused('payload-invalid', 'message: expected an object');
  const { keys, values } = parsed.value;
  const faults: Fault[] = [];
  const read: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(StatusMessage.shape)) {
    // The last one counts: it is better to know from a message with other faults whether a device is online than not to
    // know.
    const value = values[keys.lastIndexOf(name)];
    if (value === undefined || value === null || name === 'time') continue;
    const field = schema.safeParse(value);
    if (field.success) read[name] = field.data;
    else addFault(faults, 'payload-invalid', `${name}: ${field.error.issues[0]?.message ?? 'is not readable'}`);
  }
  const time = readMessageTime('time', values[keys.lastIndexOf('time')]);
  if (typeof time === 'object') addFault(faults, time.reason, time.detail);
  const status = StatusMessage.safeParse(read);
  if (!status.success && faults.length === 0) addFault(faults, 'payload-invalid', 'state: expected online or offline');
  return {
    status: status.success ? { ...status.data, time: typeof time === 'object' ? undefined : time } : undefined,
    faults,
  };
};
