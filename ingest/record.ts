import type { RejectReason } from '#domain/messages.ts';
import { ByteReader, createByteWriter } from '#platform/bytes.ts';
import { type AlarmRecord, alarmBody, parseAlarmBody } from './alarm-record.ts';

/**
 * What the journal keeps: messages already decoded, checked and resolved, in a form that does not depend on the
 * sender's format and is cheap to turn into rows. Times are epoch milliseconds; NaN is "no value".
 */

/** Where measurements come from: together with a signal it names one series. */
export type Source = { readonly device: string; readonly bed: string | null; readonly encounter: number | null };

export type Reading = { readonly mdc: number; readonly value: number; readonly quality: number };

export type Samples = { readonly mdc: number; readonly rate: number; readonly samples: ArrayLike<number> };

/** `boot` and `seq` as sent; seq −1 when the device sends none. */
export type Block<Item> = {
  readonly time: number;
  readonly boot: string;
  readonly seq: number;
  readonly late: boolean;
  readonly items: readonly Item[];
};

export type VitalsRecord = {
  readonly kind: 'vitals';
  readonly receivedAt: number;
  readonly source: Source;
  readonly blocks: readonly Block<Reading>[];
};

export type WavesRecord = {
  readonly kind: 'waves';
  readonly receivedAt: number;
  readonly source: Source;
  readonly blocks: readonly Block<Samples>[];
};

export type RejectRecord = {
  readonly kind: 'reject';
  readonly receivedAt: number;
  readonly topic: string;
  readonly device: string;
  readonly reason: RejectReason;
  readonly detail: string;
  /** The payload's first bytes and its whole length. */
  readonly payload: Uint8Array;
  readonly payloadBytes: number;
};

/** What a device says of itself. */
export type DeviceRecord = {
  readonly kind: 'device';
  readonly receivedAt: number;
  readonly device: string;
  readonly model: string | null;
  readonly firmware: string | null;
};

export type { AlarmRecord } from './alarm-record.ts';

export type JournalRecord = VitalsRecord | WavesRecord | RejectRecord | DeviceRecord | AlarmRecord;

const KIND_CODES = { vitals: 1, waves: 2, reject: 3, device: 4, alarm: 5 } as const satisfies Record<
  JournalRecord['kind'],
  number
>;

const writer = createByteWriter(64 * 1_024);

const writeSource = ({ device, bed, encounter }: Source): void => {
  writer.text(device);
  writer.text(bed ?? '');
  writer.i32(encounter ?? -1);
};

const writeBlocks = <Item>(blocks: readonly Block<Item>[], writeItem: (item: Item) => void): void => {
  writer.u16(blocks.length);
  for (const block of blocks) {
    writer.f64(block.time);
    writer.text(block.boot);
    writer.f64(block.seq);
    writer.u8(block.late ? 1 : 0);
    writer.u16(block.items.length);
    for (const item of block.items) writeItem(item);
  }
};

const writeReading = (reading: Reading): void => {
  writer.u32(reading.mdc);
  writer.f64(reading.value);
  writer.u8(reading.quality);
};

const writeSamples = ({ mdc, rate, samples }: Samples): void => {
  writer.u32(mdc);
  writer.f32(rate);
  writer.u32(samples.length);
  for (let index = 0; index < samples.length; index++) writer.f32(samples[index] ?? Number.NaN);
};

const bodyWriters: {
  readonly [Kind in JournalRecord['kind']]: (record: Extract<JournalRecord, { kind: Kind }>) => void;
} = {
  vitals(record) {
    writeSource(record.source);
    writeBlocks(record.blocks, writeReading);
  },
  waves(record) {
    writeSource(record.source);
    writeBlocks(record.blocks, writeSamples);
  },
  reject(record) {
    writer.text(record.topic);
    writer.text(record.device);
    writer.text(record.reason);
    writer.text(record.detail);
    writer.bytes(record.payload);
    writer.u32(record.payloadBytes);
  },
  device(record) {
    writer.text(record.device);
    writer.text(record.model ?? '');
    writer.text(record.firmware ?? '');
  },
  alarm(record) {
    writer.bytes(alarmBody(record));
  },
};

export const encodeRecord = (record: JournalRecord): Buffer => {
  writer.u8(KIND_CODES[record.kind]);
  writer.f64(record.receivedAt);
  // The table is total over the kinds; TypeScript cannot see that a record meets its own writer.
  (bodyWriters[record.kind] as (record: JournalRecord) => void)(record);
  return writer.take();
};

const readSource = (reader: ByteReader): Source => {
  const device = reader.text();
  const bed = reader.text() || null;
  const encounter = reader.i32();
  return { device, bed, encounter: encounter < 0 ? null : encounter };
};

const readBlocks = <Item>(reader: ByteReader, readItem: (reader: ByteReader) => Item): Block<Item>[] => {
  const blocks: Block<Item>[] = [];
  for (let left = reader.u16(); left > 0; left--) {
    const time = reader.f64();
    const boot = reader.text();
    const seq = reader.f64();
    const late = reader.u8() === 1;
    const items: Item[] = [];
    for (let more = reader.u16(); more > 0; more--) items.push(readItem(reader));
    blocks.push({ time, boot, seq, late, items });
  }
  return blocks;
};

const readReading = (reader: ByteReader): Reading => ({ mdc: reader.u32(), value: reader.f64(), quality: reader.u8() });

const readSamples = (reader: ByteReader): Samples => {
  const mdc = reader.u32();
  const rate = reader.f32();
  const samples = new Float32Array(reader.u32());
  for (let index = 0; index < samples.length; index++) samples[index] = reader.f32();
  return { mdc, rate, samples };
};

const bodyReaders: Readonly<Record<number, (reader: ByteReader, receivedAt: number) => JournalRecord>> = {
  [KIND_CODES.vitals]: (reader, receivedAt) => ({
    kind: 'vitals',
    receivedAt,
    source: readSource(reader),
    blocks: readBlocks(reader, readReading),
  }),
  [KIND_CODES.waves]: (reader, receivedAt) => ({
    kind: 'waves',
    receivedAt,
    source: readSource(reader),
    blocks: readBlocks(reader, readSamples),
  }),
  [KIND_CODES.reject]: (reader, receivedAt) => ({
    kind: 'reject',
    receivedAt,
    topic: reader.text(),
    device: reader.text(),
    reason: reader.text() as RejectReason,
    detail: reader.text(),
    payload: reader.bytes(),
    payloadBytes: reader.u32(),
  }),
  [KIND_CODES.device]: (reader, receivedAt) => ({
    kind: 'device',
    receivedAt,
    device: reader.text(),
    model: reader.text() || null,
    firmware: reader.text() || null,
  }),
  [KIND_CODES.alarm]: (reader, receivedAt) => ({ kind: 'alarm', receivedAt, ...parseAlarmBody(reader.bytes()) }),
};

/** Throws a RangeError on bytes that no version of this station wrote. */
export const decodeRecord = (bytes: Buffer): JournalRecord => {
  const reader = new ByteReader(bytes);
  const kind = reader.u8();
  const readBody = bodyReaders[kind];
  if (!readBody) throw new RangeError(`unknown kind of journal record: ${kind}`);
  return readBody(reader, reader.f64());
};
