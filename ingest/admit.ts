import type { Channel } from '#domain/topics.ts';
import { type Decoded, decodeStatus, decodeVitals, decodeWaves, type Fault, type Message } from './decode.ts';
import type { Devices } from './devices.ts';
import type { Live } from './live.ts';
import type { Block, JournalRecord, Reading, Samples, Source } from './record.ts';
import type { Registry } from './registry.ts';
import type { Rejects } from './rejects.ts';
import type { IngestStats } from './stats.ts';

/**
 * The path of a heartbeat through ingest:
 *
 *   payload ─▶ decode ─▶ time (late? clock?) ─▶ resolve (device → bed → encounter) ─┬─▶ live ─▶ screens
 *                 └─▶ rejects ───────────────────────────────────────────────────┐  └─▶ records
 *                                                                                ▼       ▼
 *                                                                               journal ─▶ onStored ─▶ PUBACK
 */

export type Publication = {
  /** Who is authenticated on the connection, which is who may publish to the topic. */
  readonly device: string;
  readonly channel: Channel;
  readonly topic: string;
  readonly payload: Buffer;
  readonly receivedAt: number;
};

const DAY_MS = 86_400_000;

/** A clock that is further ahead is not a clock. */
const MAX_AHEAD_MS = DAY_MS;

type Timed<Item> = {
  readonly block: Block<Item>;
  readonly source: Source;
  /** When it was measured as far as screens are concerned. */
  readonly shownAt: number;
};

/** What differs between the two channels that measure. */
type Measurements<Kind extends 'vitals' | 'waves', Item> = {
  readonly kind: Kind;
  readonly decode: (payload: Buffer) => Decoded<Item>;
  readonly count: (block: Block<Item>) => void;
  readonly show: (bed: string, time: number, items: readonly Item[]) => void;
};

export type AdmitDependencies = {
  readonly registry: () => Registry;
  readonly devices: Devices;
  readonly live: Live;
  readonly rejects: Rejects;
  readonly stats: IngestStats;
  readonly append: (records: readonly JournalRecord[], onStored: () => void) => void;
  readonly lateAfterMs: number;
  readonly retentionDays: number;
  readonly maxPayloadBytes: number;
};

export type Admit = {
  /** Shows it, keeps it, and calls back once it is safe. */
  readonly admit: (publication: Publication, onStored: () => void) => void;
  /** Only shows it: there is no room to keep it, and it will come again. */
  readonly show: (publication: Publication) => void;
};

export const createAdmit = (deps: AdmitDependencies): Admit => {
  const { devices, live, rejects, stats, append, lateAfterMs, maxPayloadBytes } = deps;
  const maxAgeMs = deps.retentionDays * DAY_MS;

  const isPlausible = (time: number, receivedAt: number): boolean =>
    time > receivedAt - maxAgeMs && time < receivedAt + MAX_AHEAD_MS;

  const timeMessage = <Item>(
    device: string,
    message: Message<Item>,
    receivedAt: number,
    faults: Fault[],
  ): Timed<Item> => {
    const { boot, seq, items } = message;
    const time = message.time ?? receivedAt;
    if (!isPlausible(time, receivedAt)) {
      faults.push({
        reason: 'time-implausible',
        detail: `measured at ${describeTime(time)}, received at ${describeTime(receivedAt)}`,
      });
      const block: Block<Item> = { time: receivedAt, boot, seq, late: true, items: [] };
      return { block, source: deps.registry().sourceAt(device, receivedAt), shownAt: receivedAt };
    }
    const corrected = devices.correctedTime(device, time);
    const late = receivedAt - corrected > lateAfterMs;
    // What is live is where the device is now, whatever its clock says; what is late is where it was then.
    const source = deps.registry().sourceAt(device, late ? corrected : receivedAt);
    return { block: { time, boot, seq, late, items }, source, shownAt: Math.min(corrected, receivedAt) };
  };

  const timeMessages = <Item>(
    { device, receivedAt }: Publication,
    messages: readonly Message<Item>[],
    faults: Fault[],
  ): Timed<Item>[] => {
    const newest = messages.at(-1)?.time;
    if (newest !== undefined && isPlausible(newest, receivedAt)) devices.observeTime(device, newest, receivedAt);
    return messages.map((message) => timeMessage(device, message, receivedAt, faults));
  };

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

  const refuse = (publication: Publication, faults: readonly Fault[]): JournalRecord[] =>
    faults.length === 0 ? [] : rejects.recordsOf({ ...publication, faults });

  const admitMeasurements = <Kind extends 'vitals' | 'waves', Item>(
    publication: Publication,
    { kind, decode, count, show }: Measurements<Kind, Item>,
  ): JournalRecord[] => {
    const { messages, faults } = decode(publication.payload);
    const allFaults = [...faults];
    const timed = timeMessages(publication, messages, allFaults);
    for (const { block, source, shownAt } of timed) {
      count(block);
      if (!block.late && source.bed !== null) show(source.bed, shownAt, block.items);
    }
    const { receivedAt } = publication;
    const records = group(timed).map(({ source, blocks }) => ({ kind, receivedAt, source, blocks }) as JournalRecord);
    return records.concat(refuse(publication, allFaults));
  };

  const vitals: Measurements<'vitals', Reading> = {
    kind: 'vitals',
    decode: decodeVitals,
    count({ items, late }) {
      stats.readings += items.length;
      if (late) stats.late += items.length;
    },
    show: live.vitals,
  };

  const waves: Measurements<'waves', Samples> = {
    kind: 'waves',
    decode: decodeWaves,
    count({ items }) {
      stats.waveBlocks += items.length;
    },
    show: live.waves,
  };

  const admitStatus = (publication: Publication): JournalRecord[] => {
    const status = decodeStatus(publication.payload);
    if ('reason' in status) return refuse(publication, [status]);
    const { device, receivedAt } = publication;
    devices.said(device, status);
    const { model = null, firmware = null } = status;
    return model === null && firmware === null ? [] : [{ kind: 'device', receivedAt, device, model, firmware }];
  };

  const byChannel: Readonly<Record<Channel, (publication: Publication) => JournalRecord[]>> = {
    vitals: (publication) => admitMeasurements(publication, vitals),
    waves: (publication) => admitMeasurements(publication, waves),
    status: admitStatus,
  };

  const takeIn = (publication: Publication): JournalRecord[] => {
    const { channel, payload } = publication;
    stats.publications[channel]++;
    if (payload.length <= maxPayloadBytes) return byChannel[channel](publication);
    const detail = `${payload.length} bytes, at most ${maxPayloadBytes}`;
    return refuse(publication, [{ reason: 'payload-too-large', detail }]);
  };

  return {
    admit: (publication, onStored) => append(takeIn(publication), onStored),
    show: (publication) => void takeIn(publication),
  };
};

const describeTime = (timeMs: number): string => {
  const date = new Date(timeMs);
  return Number.isNaN(date.getTime()) ? String(timeMs) : date.toISOString();
};
