import { readTime, toMicroseconds } from '#domain/measurement-time.ts';
import { addFault, type Fault } from './fault.ts';
import { parsePayload } from './payload/parse.ts';
import { Moment, Unreadable, type Value } from './payload/value.ts';

/** What the messages of all channels that count them have in common: when each was made, and its number. */

/** `time` in epoch milliseconds, undefined when the device sends none. */
export type Message<Item> = {
  readonly time: number | undefined;
  /** When the device handed the message to the connection, by the same clock. */
  readonly sent: number | undefined;
  /** '' and −1 when the device sends none, or none that can be read. */
  readonly boot: string;
  readonly seq: number;
  readonly items: readonly Item[];
};

export type Decoded<Item> = { readonly messages: readonly Message<Item>[]; readonly faults: readonly Fault[] };

/** An hour and a half of one-second messages is about 5,000; a device that has more sends it in pieces. */
export const MAX_MESSAGES_IN_A_BATCH = 5_000;

/**
 * Undefined when there is no time. A time with a fault refuses the whole message, which could otherwise be of any
 * patient and day.
 */
export const readMessageTime = (name: string, time: Value | undefined): number | undefined | Fault => {
  if (time === undefined || time === null) return undefined;
  if (time instanceof Moment && Number.isFinite(time.epochMs)) return toMicroseconds(time.epochMs);
  if (typeof time === 'string' || typeof time === 'number') {
    const read = readTime(time);
    if (typeof read === 'number') return read;
    const reason = typeof time === 'string' ? 'payload-invalid' : 'time-implausible';
    return { reason, detail: `${name}: ${read.why}` };
  }
  return { reason: 'payload-invalid', detail: `${name}: ${time instanceof Unreadable ? time.why : 'is no time'}` };
};

/** One line of at most 64 characters; a number is its digits. */
const readBoot = (boot: Value | undefined): string | undefined => {
  if (boot === undefined || boot === null) return '';
  if (Number.isSafeInteger(boot)) return String(boot);
  return typeof boot === 'string' && boot.length <= 64 && /^[^\p{Cc}\p{Cs}]*$/u.test(boot) ? boot : undefined;
};

const readSeq = (seq: Value | undefined): number | undefined => {
  if (seq === undefined || seq === null) return -1;
  return typeof seq === 'number' && Number.isSafeInteger(seq) && seq >= 0 ? seq : undefined;
};

const ENVELOPE = ['time', 'sent', 'boot', 'seq'] as const;
export type Envelope = Partial<Record<(typeof ENVELOPE)[number], Value>>;

/** Takes a field of the envelope in; any other field of a message is passed over. */
export const takeEnvelope = (envelope: Envelope, key: string | undefined, value: Value): void => {
  const name = ENVELOPE.find((known) => known === key);
  if (name === undefined) return;
  const isAgain = envelope[name] !== undefined && envelope[name] !== value;
  envelope[name] = isAgain ? new Unreadable('is there twice') : value;
};

export const finishMessage = <Item>(envelope: Envelope, items: readonly Item[], faults: Fault[]): Message<Item> => {
  const time = readMessageTime('time', envelope.time);
  const sent = readMessageTime('sent', envelope.sent);
  const boot = readBoot(envelope.boot);
  const seq = readSeq(envelope.seq);
  if (boot === undefined) addFault(faults, 'payload-invalid', 'boot: not a line of text of at most 64 characters');
  if (seq === undefined) addFault(faults, 'payload-invalid', 'seq: not a whole number from 0 up');
  if (typeof sent === 'object') addFault(faults, sent.reason, sent.detail);
  const numbered = {
    sent: typeof sent === 'object' ? undefined : sent,
    boot: boot ?? '',
    // Without the boot, numbers of another start of the device would be taken for repetitions.
    seq: boot === undefined ? -1 : (seq ?? -1),
  };
  if (typeof time !== 'object') return { time, ...numbered, items };
  addFault(faults, time.reason, time.detail);
  // A message still arrived when none of its items is left: its sequence number is no gap.
  return { time: undefined, ...numbered, items: [] };
};

/**
 * The messages of a payload: one, or an array of them. `read` answers undefined for one that it cannot read, and adds
 * why to the faults.
 */
export const decodeMessages = <Read extends object>(
  payload: Buffer,
  read: (input: Value, faults: Fault[]) => Read | undefined,
): { readonly messages: readonly Read[]; readonly faults: readonly Fault[] } => {
  const parsed = parsePayload(payload);
  if ('why' in parsed) return { messages: [], faults: [{ reason: 'payload-malformed', detail: parsed.why }] };
  const inputs: readonly Value[] = Array.isArray(parsed.value) ? parsed.value : [parsed.value as Value];
  if (inputs.length > MAX_MESSAGES_IN_A_BATCH) {
    const detail = `${inputs.length} messages in one payload, at most ${MAX_MESSAGES_IN_A_BATCH}`;
    return { messages: [], faults: [{ reason: 'batch-too-long', detail }] };
  }
  const faults: Fault[] = [];
  const messages: Read[] = [];
  for (const input of inputs) {
    const message = read(input, faults);
    if (message) messages.push(message);
  }
  if (inputs.length === 0) addFault(faults, 'payload-invalid', 'an empty batch');
  return { messages, faults };
};
