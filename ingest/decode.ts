import { isUtf8 } from 'node:buffer';
import { Decoder } from 'cbor-x';
import type { z } from 'zod';
import {
  QUALITIES,
  type RejectReason,
  StatusMessage,
  VitalInput,
  VitalsMessage,
  WaveInput,
  WavesMessage,
} from '#domain/messages.ts';
import { type Conversion, convert, findConversion } from '#domain/units.ts';
import { findVital, type VitalId, vital } from '#domain/vitals.ts';
import { findWave, type WaveId, wave } from '#domain/waveforms.ts';
import type { Reading, Samples } from './record.ts';

/**
 * Payload bytes to measurements in catalogue units, or to the reasons why not. Never throws: whatever a device
 * sends, the answer is an answer. One bad entry does not cost its neighbours.
 */

/** `time` in epoch milliseconds, undefined when the device sends none. */
export type Message<Item> = {
  readonly time: number | undefined;
  /** By the same clock, when it was handed to the connection. */
  readonly sent: number | undefined;
  readonly boot: string;
  readonly seq: number;
  readonly items: readonly Item[];
};

export type Fault = { readonly reason: RejectReason; readonly detail: string };

export type Decoded<Item> = { readonly messages: readonly Message<Item>[]; readonly faults: readonly Fault[] };

/** An hour and a half of one-second messages is about 5,000; a device that has more sends it in pieces. */
export const MAX_MESSAGES_IN_A_BATCH = 5_000;

/** Several times the catalogue; a megabyte of unknown names would hold up everybody for a tenth of a second. */
const MAX_ENTRIES_OF_A_MESSAGE = 256;

const CBOR_FIRST_BYTE = 0x80;

// useRecords off: shared structures are cbor-x's own extension. int64AsNumber: else every epoch time is a BigInt.
const CBOR_OPTIONS = { useRecords: false, mapsAsObjects: true, int64AsNumber: true };
const cbor = new Decoder(CBOR_OPTIONS);

const malformed = (detail: string): Fault => ({ reason: 'payload-malformed', detail });

const parsePayload = (payload: Buffer): { readonly value: unknown } | Fault => {
  const first = payload[0];
  if (first === undefined) return malformed('empty payload');
  try {
    // A CBOR map or array begins at 0x80 or above, JSON text never does.
    if (first >= CBOR_FIRST_BYTE) return { value: cbor.decode(payload) };
    if (!isUtf8(payload)) return malformed('not UTF-8');
    return { value: JSON.parse(payload.toString('utf8')) };
  } catch (error) {
    // Parsers quote the payload in their errors, and a payload may hold anything: only say which parser it was.
    return malformed(first >= CBOR_FIRST_BYTE ? 'not CBOR' : error instanceof SyntaxError ? 'not JSON' : 'unreadable');
  }
};

const describe = (error: z.ZodError): string =>
  error.issues.map((issue) => `${issue.path.join('.') || 'message'}: ${issue.message}`).join('; ');

/** Whole microseconds, as the database keeps them: two times that are one there must be one everywhere before. */
const toEpochMs = (time: string | number | undefined): number | undefined => {
  if (typeof time === 'string') return Date.parse(time);
  return time === undefined ? undefined : Math.round(time * 1_000) / 1_000;
};

const label = (key: string): string => (key.length > 64 ? `${key.slice(0, 64)}…` : key);

const conversions = new Map<string, Conversion>();

/** undefined: not convertible. Only pairs with a catalogue unit that convert are remembered, so senders cannot fill it. */
const conversionTo = (target: string, unit: string): Conversion | undefined => {
  const key = `${unit} ${target}`;
  const known = conversions.get(key);
  if (known) return known;
  const found = findConversion(unit, target);
  if (found) conversions.set(key, found);
  return found;
};

const readVital = (id: VitalId, key: string, input: unknown): Reading | Fault => {
  const { mdc, unit, plausible } = vital(id);
  let value: unknown = input;
  let quality = 0;
  if (typeof input !== 'number') {
    const parsed = VitalInput.safeParse(input);
    if (!parsed.success)
      return { reason: 'value-invalid', detail: `${label(key)}: not a number, null, or an object with a value` };
    value = parsed.data;
    if (typeof parsed.data === 'object' && parsed.data !== null) {
      value = parsed.data.value;
      quality = QUALITIES.indexOf(parsed.data.quality ?? 'good');
      if (parsed.data.unit !== undefined && parsed.data.unit !== unit) {
        const conversion = conversionTo(unit, parsed.data.unit);
        if (!conversion) {
          return {
            reason: 'unit-unconvertible',
            detail: `${label(key)}: ${label(parsed.data.unit)} is not convertible to ${unit}`,
          };
        }
        if (typeof value === 'number') value = convert(value, conversion);
      }
    }
  }
  if (value === null) return { mdc, value: Number.NaN, quality };
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    return { reason: 'value-invalid', detail: `${label(key)}: not a finite number` };
  }
  if (value < plausible[0] || value > plausible[1]) {
    return {
      reason: 'value-implausible',
      detail: `${label(key)}: ${value} is outside ${plausible[0]}…${plausible[1]} ${unit}`,
    };
  }
  return { mdc, value, quality };
};

const readWave = (id: WaveId, key: string, input: unknown): Samples | Fault => {
  const { mdc, unit, plausible } = wave(id);
  const parsed = WaveInput.safeParse(input);
  if (!parsed.success)
    return { reason: 'value-invalid', detail: `${label(key)}: ${describe(parsed.error).slice(0, 200)}` };
  const { rate, samples: given } = parsed.data;
  const conversion = conversionTo(unit, parsed.data.unit ?? unit);
  if (!conversion) {
    return {
      reason: 'unit-unconvertible',
      detail: `${label(key)}: ${label(parsed.data.unit ?? '')} is not convertible to ${unit}`,
    };
  }
  const samples = new Float32Array(given.length);
  for (let index = 0; index < given.length; index++) {
    const sample = given[index];
    const value = typeof sample === 'number' ? convert(sample, conversion) : Number.NaN;
    if (value < plausible[0] || value > plausible[1]) {
      return {
        reason: 'value-implausible',
        detail: `${label(key)}: a sample is outside ${plausible[0]}…${plausible[1]} ${unit}`,
      };
    }
    samples[index] = value;
  }
  return { mdc, rate, samples };
};

const isFault = (result: object): result is Fault => 'reason' in result;

const readEntries = <Id, Item extends object>(
  entries: Readonly<Record<string, unknown>>,
  unknownReason: RejectReason,
  find: (key: string) => Id | undefined,
  read: (id: Id, key: string, input: unknown) => Item | Fault,
  faults: Fault[],
): Item[] => {
  const items: Item[] = [];
  // Object.keys, not for-in: only what the device sent, whatever it named it.
  const keys = Object.keys(entries);
  if (keys.length > MAX_ENTRIES_OF_A_MESSAGE) {
    const detail = `${keys.length} entries in one message, at most ${MAX_ENTRIES_OF_A_MESSAGE}`;
    faults.push({ reason: 'payload-invalid', detail });
    return items;
  }
  for (const key of keys) {
    const id = find(key);
    const result: Item | Fault =
      id === undefined
        ? { reason: unknownReason, detail: `${label(key)}: not in the catalogue` }
        : read(id, key, entries[key]);
    if (isFault(result)) faults.push(result);
    else items.push(result);
  }
  return items;
};

const decodeBatch = <Item>(
  payload: Buffer,
  readMessage: (input: unknown, faults: Fault[]) => Message<Item> | undefined,
): Decoded<Item> => {
  const parsed = parsePayload(payload);
  if (isFault(parsed)) return { messages: [], faults: [parsed] };
  const inputs = Array.isArray(parsed.value) ? parsed.value : [parsed.value];
  if (inputs.length > MAX_MESSAGES_IN_A_BATCH) {
    const detail = `${inputs.length} messages in one payload, at most ${MAX_MESSAGES_IN_A_BATCH}`;
    return { messages: [], faults: [{ reason: 'batch-too-long', detail }] };
  }
  const faults: Fault[] = [];
  const messages: Message<Item>[] = [];
  for (const input of inputs) {
    const message = readMessage(input, faults);
    if (message) messages.push(message);
  }
  if (inputs.length === 0) faults.push({ reason: 'payload-invalid', detail: 'an empty batch' });
  return { messages, faults };
};

const invalid = (error: z.ZodError, faults: Fault[]): undefined => {
  faults.push({ reason: 'payload-invalid', detail: describe(error).slice(0, 500) });
  return undefined;
};

/** A message of which nothing is left still arrived: its sequence number is no gap. */
const noteIfEmpty = (sent: object, faults: Fault[]): void => {
  if (Object.keys(sent).length === 0) {
    faults.push({ reason: 'payload-invalid', detail: 'nothing measured in the message' });
  }
};

export const decodeVitals = (payload: Buffer): Decoded<Reading> =>
  decodeBatch(payload, (input, faults) => {
    const parsed = VitalsMessage.safeParse(input);
    if (!parsed.success) return invalid(parsed.error, faults);
    const { time, sent, boot, seq, vitals } = parsed.data;
    const items = readEntries(vitals, 'vital-unknown', findVital, readVital, faults);
    noteIfEmpty(vitals, faults);
    return { time: toEpochMs(time), sent: toEpochMs(sent), boot: boot ?? '', seq: seq ?? -1, items };
  });

export const decodeWaves = (payload: Buffer): Decoded<Samples> =>
  decodeBatch(payload, (input, faults) => {
    const parsed = WavesMessage.safeParse(input);
    if (!parsed.success) return invalid(parsed.error, faults);
    const { time, sent, boot, seq, waves } = parsed.data;
    const items = readEntries(waves, 'wave-unknown', findWave, readWave, faults);
    noteIfEmpty(waves, faults);
    return { time: toEpochMs(time), sent: toEpochMs(sent), boot: boot ?? '', seq: seq ?? -1, items };
  });

export type Status = Omit<StatusMessage, 'time'> & { readonly time: number | undefined };

export const decodeStatus = (payload: Buffer): Status | Fault => {
  const parsed = parsePayload(payload);
  if (isFault(parsed)) return parsed;
  const status = StatusMessage.safeParse(parsed.value);
  if (status.success) return { ...status.data, time: toEpochMs(status.data.time) };
  return { reason: 'payload-invalid', detail: describe(status.error).slice(0, 500) };
};
