import { DAY_MS, type Heard, type Measuring, UNDATED_SPAN_MS } from './device-clock/clock.ts';
import { type Placed, place } from './device-clock/place.ts';
import type { Link } from './device-links.ts';
import type { Devices } from './devices.ts';
import type { Message } from './envelope.ts';
import type { Fault } from './fault.ts';
import type { Block, Source } from './record.ts';
import type { Registry } from './registry.ts';

/**
 * When each message was measured, whose it is, and whether it is live:
 *
 *   time by the device ─▶ clock: at the earliest and at the latest ─▶ registry: who was there all that while ─▶ live?
 *
 * It is of whom the device was with when it was measured; when that is not certain it is nobody's, and kept so. It is live
 * only when nobody came, went or was moved since.
 */

export type Timed<Item> = {
  readonly block: Block<Item>;
  readonly source: Source;
  /** When it was measured as far as screens are concerned. */
  readonly shownAt: number;
};

export type Arrival = {
  readonly device: string;
  readonly channel: Measuring;
  readonly receivedAt: number;
  /** The message may have been sent long before it arrived. */
  readonly isRepeat: boolean;
};

export type Timing = {
  /** Hears the times of a device. Returns by how much its clock was put forward or back; 0: it was not. */
  readonly hear: <Item>(arrival: Arrival, messages: readonly Message<Item>[]) => number;
  /** `lastsMs`: how long measuring it took, from its time on. */
  readonly time: <Item>(arrival: Arrival, message: Message<Item>, lastsMs: number, faults: Fault[]) => Timed<Item>;
};

/** A clock that is further ahead is not a clock. */
const MAX_AHEAD_MS = DAY_MS;

/** The last moment that a Date can hold: a time beyond it was made up. */
const MAX_TIME_MS = 8.64e15;

/**
 * Undated: it is taken for measured when it arrives. It was on its way for a little, but not since before its link was
 * there; and what comes first when a link is there again may have waited for it.
 */
const placeUndated = (receivedAt: number, { since, lostAt }: Link): Placed => {
  const isAgain = lostAt !== undefined && since !== undefined && receivedAt - since < UNDATED_SPAN_MS;
  const sentAt = receivedAt - UNDATED_SPAN_MS;
  const from = isAgain ? Math.min(sentAt, lostAt) : Math.max(sentAt, Math.min(since ?? sentAt, receivedAt));
  return { time: receivedAt, measuredAt: receivedAt, from, to: receivedAt, isOutdated: isAgain };
};

const blockAt = <Item>({ time }: Placed, { boot, seq, items }: Message<Item>, late: boolean): Block<Item> => ({
  time,
  boot,
  seq,
  late,
  items,
});

export type TimingDependencies = {
  readonly registry: () => Registry;
  readonly devices: Pick<Devices, 'clockOf' | 'hear' | 'linkOf'>;
  readonly lateAfterMs: number;
  readonly retentionDays: number;
};

const isDate = (timeMs: number): boolean => Math.abs(timeMs) <= MAX_TIME_MS;

type IsPlausible = (time: number, receivedAt: number) => boolean;

/** What a payload shows of its device's clock; undefined: it has no time, or only an impossible one. */
const summarise = <Item>(
  { channel, receivedAt }: Arrival,
  messages: readonly Message<Item>[],
  isPlausible: IsPlausible,
): Heard | undefined => {
  let newest: number | undefined;
  let oldest = Number.POSITIVE_INFINITY;
  let sent: number | undefined;
  let boot = '';
  let firstSeq = Number.POSITIVE_INFINITY;
  let lastSeq = -1;
  for (const message of messages) {
    if (message.sent !== undefined) sent = Math.max(sent ?? message.sent, message.sent);
    firstSeq = Math.min(firstSeq, message.seq);
    lastSeq = Math.max(lastSeq, message.seq);
    boot = message.boot;
    if (message.time === undefined) continue;
    newest = Math.max(newest ?? message.time, message.time);
    oldest = Math.min(oldest, message.time);
  }
  if (newest === undefined || !isDate(newest) || !isDate(sent ?? 0)) return undefined;
  const isImplausible = !isPlausible(newest, receivedAt);
  const count = messages.length;
  return { channel, boot, firstSeq, lastSeq, count, oldest, time: newest, sent, receivedAt, isImplausible };
};

/** No measurement of the message is kept, only that it came and why it was refused. */
const refused = <Item>(
  { device, receivedAt }: Arrival,
  { time = receivedAt, boot, seq }: Message<Item>,
  registry: Registry,
  faults: Fault[],
): Timed<Item> => {
  const detail = `measured at ${describeTime(time)}, received at ${describeTime(receivedAt)}`;
  faults.push({ reason: 'time-implausible', detail });
  const block: Block<Item> = { time: receivedAt, boot, seq, late: true, items: [] };
  return { block, source: registry.sourceAt(device, receivedAt), shownAt: receivedAt };
};

export const createTiming = ({ registry, devices, lateAfterMs, retentionDays }: TimingDependencies): Timing => {
  const maxAgeMs = retentionDays * DAY_MS;

  const isPlausible: IsPlausible = (time, receivedAt) =>
    time > receivedAt - maxAgeMs && time < receivedAt + MAX_AHEAD_MS;

  const ofNobody = <Item>(device: string, placed: Placed, message: Message<Item>, shownAt: number): Timed<Item> => ({
    block: blockAt(placed, message, true),
    source: registry().sourceOfNobody(device),
    shownAt,
  });

  const placeIt = <Item>(arrival: Arrival, message: Message<Item>): Placed | undefined => {
    const { device, channel, receivedAt } = arrival;
    const { time, boot, seq } = message;
    if (time === undefined) return placeUndated(receivedAt, devices.linkOf(device));
    if (!isDate(time)) return undefined;
    return place(devices.clockOf(device), channel, { boot, seq, time }, receivedAt, isPlausible(time, receivedAt));
  };

  return {
    hear(arrival, messages) {
      const { device, channel, isRepeat } = arrival;
      // A block of waves is as old as it is long, and alarms are rare: their times tell of the clock only when the device
      // sends nothing else.
      if (isRepeat || (channel !== 'vitals' && devices.clockOf(device).marks.vitals)) return 0;
      const heard = summarise(arrival, messages, isPlausible);
      return heard ? devices.hear(device, heard) : 0;
    },
    time(arrival, message, lastsMs, faults) {
      const { device, receivedAt, isRepeat } = arrival;
      const placed = placeIt(arrival, message);
      if (!placed) return refused(arrival, message, registry(), faults);
      const { measuredAt, from, to, isOutdated } = placed;
      if (message.time === undefined && isRepeat) {
        faults.push({ reason: 'time-unknown', detail: 'without a time, and retained or sent again' });
        return ofNobody(device, placed, message, receivedAt);
      }
      const present = registry().sourceOver(device, from, receivedAt);
      const late = !present || isOutdated || receivedAt - measuredAt > lateAfterMs;
      const source = present ?? registry().sourceOver(device, from, Math.min(receivedAt, to + lastsMs));
      if (source) return { block: blockAt(placed, message, late), source, shownAt: measuredAt };
      const span = `between ${describeTime(from)} and ${describeTime(to + lastsMs)}`;
      faults.push({ reason: 'owner-unknown', detail: `measured ${span}: the bed or the patient changed meanwhile` });
      return ofNobody(device, placed, message, measuredAt);
    },
  };
};

const describeTime = (timeMs: number): string => {
  const date = new Date(timeMs);
  return Number.isNaN(date.getTime()) ? String(timeMs) : date.toISOString();
};
