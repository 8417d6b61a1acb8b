import type { Channel } from '#contracts/mqtt/topics.ts';
import type { DeviceMessage } from '#contracts/ports/intake.ts';
import type { Alarms } from './alarms/alarms.ts';
import type { Decision } from './alarms/decisions.ts';
import type { Append } from './append.ts';
import { type Decoded, decodeStatus, decodeVitals, decodeWaves } from './decode.ts';
import type { Devices } from './devices.ts';
import type { Fault } from './fault.ts';
import type { Hearing } from './hearing.ts';
import type { InHand } from './in-hand.ts';
import type { Intervals } from './intervals.ts';
import type { Live } from './live/live.ts';
import type { Block, JournalRecord, Reading, Samples, Source } from './record.ts';
import type { Registry } from './registry.ts';
import type { Rejects } from './rejects.ts';
import type { IngestStats } from './stats.ts';
import type { Timed, Timing } from './timing.ts';

/**
 * The path of a heartbeat through ingest:
 *
 *   payload ─▶ decode ─▶ time (when was it measured, who was there, is it live?) ───┬─▶ live ─▶ screens
 *                 └─▶ rejects ───────────────────────────────────────────────────┐  ├─▶ alarms ─▶ decision
 *                                                                                │  └─▶ records      │
 *                                                                                ▼         ▼         ▼
 *                                                                               journal, in one piece ─▶ said, PUBACK
 */

const MAX_WITHIN_MS = 0.49;
/** What arrived in one millisecond may be spread over the next. */
const MAX_SPREAD_MS = 2;

/** What differs between the two channels that measure. */
type Measurements<Kind extends 'vitals' | 'waves', Item> = {
  readonly kind: Kind;
  readonly decode: (payload: Buffer) => Decoded<Item>;
  readonly count: (block: Block<Item>) => void;
  readonly show: (bed: string, time: number, items: readonly Item[]) => void;
  /** How long it took to measure, from the block's time on. */
  readonly lastsMs: (items: readonly Item[]) => number;
  /** What alarms come of it. */
  readonly decide: (
    publication: DeviceMessage,
    timed: readonly Timed<Item>[],
    clockStepMs: number,
  ) => Decision | undefined;
};

type Taken = { readonly records: readonly JournalRecord[]; readonly decision?: Decision | undefined };

export type AdmitDependencies = {
  readonly registry: () => Registry;
  readonly devices: Pick<Devices, 'said'>;
  readonly timing: Timing;
  readonly hearing: Pick<Hearing, 'heard'>;
  readonly intervals: Pick<Intervals, 'told' | 'measured'>;
  readonly live: Live;
  readonly alarms: Pick<Alarms, 'vitals' | 'sequence'>;
  readonly rejects: Rejects;
  readonly inHand: Pick<InHand, 'take' | 'putDown'>;
  readonly stats: IngestStats;
  readonly append: Append;
  readonly maxPayloadBytes: number;
};

export type Admit = {
  /** Shows it, keeps it, and calls back once it is safe. */
  readonly admit: (publication: DeviceMessage, onStored: () => void) => void;
  /** Only shows it: there is no room to keep it, and it will come again. */
  readonly show: (publication: DeviceMessage) => void;
};

export const createAdmit = (deps: AdmitDependencies): Admit => {
  const { devices, timing, hearing, intervals, live, alarms, rejects, inHand, stats, append, maxPayloadBytes } = deps;

  /** Neighbours with one source become one record. */
  const group = <Item>(timed: readonly Timed<Item>[]): { source: Source; blocks: Block<Item>[] }[] => {
    const groups: { source: Source; blocks: Block<Item>[] }[] = [];
    for (const { block, source } of timed) {
      const last = groups.at(-1);
      if (last?.source === source) last.blocks.push(block);
      else groups.push({ source, blocks: [block] });
    }
    return groups;
  };

  const arrivals = new Map<string, number>();

  /**
   * Messages of one device in one millisecond are told apart by microseconds, in their order: it can then be told from
   * what is stored, and alarms be recomputed. Before the half of the millisecond, where what else the engine is told has its place.
   */
  const arrivalOf = (device: string, receivedAt: number): number => {
    const last = arrivals.get(device) ?? Number.NEGATIVE_INFINITY;
    if (last < receivedAt || last >= receivedAt + MAX_SPREAD_MS) return receivedAt;
    const next = Math.round(last * 1_000 + 1) / 1_000;
    return next % 1 < MAX_WITHIN_MS ? next : Math.floor(next) + 1;
  };

  const refuse = (publication: DeviceMessage, faults: readonly Fault[]): JournalRecord[] => {
    if (faults.length === 0) return [];
    hearing.heard(publication.device, 'refused', publication.receivedAt);
    return rejects.recordsOf({ ...publication, faults });
  };

  const hear = (device: string, receivedAt: number, { items, late, time }: Block<Reading>): void => {
    if (items.length === 0) return;
    hearing.heard(device, late ? 'late' : 'live', receivedAt);
    if (!late) intervals.measured(device, time);
  };

  const admitMeasurements = <Kind extends 'vitals' | 'waves', Item>(
    given: DeviceMessage,
    { kind, decode, count, show, lastsMs, decide }: Measurements<Kind, Item>,
  ): Taken => {
    const { messages, faults } = decode(given.payload);
    const allFaults = [...faults];
    const { device, isRepeat } = given;
    const arrivedAt = kind === 'vitals' ? arrivalOf(device, given.receivedAt) : given.receivedAt;
    const clockStepMs = timing.hear({ device, channel: kind, receivedAt: arrivedAt, isRepeat }, messages);
    // That a clock was put right is told before the message that shows it, and after the one before.
    const receivedAt = clockStepMs === 0 ? arrivedAt : Math.ceil(arrivedAt);
    if (kind === 'vitals') arrivals.set(device, receivedAt);
    const arrival = { device, channel: kind, receivedAt, isRepeat };
    const timed = messages.map((message) => timing.time(arrival, message, lastsMs(message.items), allFaults));
    for (const { block, source, shownAt } of timed) {
      count(block);
      if (clockStepMs !== 0 && source.bed !== null) live.rewind(source.bed, shownAt);
      if (!block.late && source.bed !== null) show(source.bed, shownAt, block.items);
    }
    const publication = { ...given, receivedAt };
    const records = group(timed).map(({ source, blocks }) => ({ kind, receivedAt, source, blocks }) as JournalRecord);
    return {
      records: records.concat(refuse(publication, allFaults)),
      decision: decide(publication, timed, clockStepMs),
    };
  };

  /** What is live of one message is of one bed: where its device is now. */
  const decideVitals = (
    { device, receivedAt }: DeviceMessage,
    timed: readonly Timed<Reading>[],
    clockStepMs: number,
  ): Decision | undefined => {
    for (const { block } of timed) {
      if (block.seq >= 0) alarms.sequence(device, block.boot, block.seq, receivedAt);
      hear(device, receivedAt, block);
    }
    const live = timed.filter(({ block }) => !block.late);
    const bed = live[0]?.source.bed ?? (clockStepMs === 0 ? undefined : deps.registry().bedOf(device, receivedAt));
    if (!bed) return undefined;
    return alarms.vitals(
      bed,
      receivedAt,
      live.map(({ block }) => block),
      clockStepMs,
    );
  };

  const vitals: Measurements<'vitals', Reading> = {
    kind: 'vitals',
    decode: decodeVitals,
    count({ items, late }) {
      stats.readings += items.length;
      if (late) stats.late += items.length;
    },
    show: live.vitals,
    lastsMs: () => 0,
    decide: decideVitals,
  };

  const waves: Measurements<'waves', Samples> = {
    kind: 'waves',
    decode: decodeWaves,
    count({ items }) {
      stats.waveBlocks += items.length;
    },
    show: live.waves,
    lastsMs(items) {
      let longestMs = 0;
      for (const { rate, samples } of items) longestMs = Math.max(longestMs, (samples.length / rate) * 1_000);
      return longestMs;
    },
    decide: () => undefined,
  };

  const admitStatus = (publication: DeviceMessage): JournalRecord[] => {
    const { status, faults } = decodeStatus(publication.payload);
    const refused = refuse(publication, faults);
    if (!status) return refused;
    const { device, receivedAt } = publication;
    devices.said(device, status, receivedAt);
    if (status.interval !== undefined) intervals.told(device, status.interval * 1_000);
    const { model = null, firmware = null } = status;
    return model === null && firmware === null
      ? refused
      : [{ kind: 'device', receivedAt, device, model, firmware }, ...refused];
  };

  const byChannel: Readonly<Record<Channel, (publication: DeviceMessage) => Taken>> = {
    vitals: (publication) => admitMeasurements(publication, vitals),
    waves: (publication) => admitMeasurements(publication, waves),
    status: (publication) => ({ records: admitStatus(publication) }),
  };

  const takeIn = (publication: DeviceMessage): Taken => {
    const { channel, payload } = publication;
    stats.publications[channel]++;
    if (payload.length > maxPayloadBytes) {
      const detail = `${payload.length} bytes, at most ${maxPayloadBytes}`;
      return { records: refuse(publication, [{ reason: 'payload-too-large', detail }]) };
    }
    const fault = inHand.take(publication);
    if (fault) return { records: refuse(publication, [fault]) };
    try {
      return byChannel[channel](publication);
    } finally {
      inHand.putDown();
    }
  };

  return {
    admit(publication, onStored) {
      const { records, decision } = takeIn(publication);
      if (!decision) return append(records, onStored);
      const onDecisionStored = () => {
        decision.announce();
        onStored();
      };
      append([...records, ...decision.records], onDecisionStored, decision.checkpoint);
    },
    show(publication) {
      const { decision } = takeIn(publication);
      if (!decision) return;
      decision.announce();
      // The readings come again, the alarm does not: it waits for room.
      append(decision.records, ignore, decision.checkpoint);
    },
  };
};

const ignore = (): void => {};
