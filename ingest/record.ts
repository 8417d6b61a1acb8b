import type { RejectReason } from '#contracts/mqtt/messages.ts';
import { FORMAT } from '#domain/alarms/formats/upcast.ts';
import { createByteWriter } from '#platform/bytes.ts';
import { type AlarmRecord, alarmBody } from './alarm-record.ts';
import { FORMAT_FLAG } from './formats/flag.ts';
import { type MonitorRecord, monitorBody } from './monitor-record.ts';

/**
 * What the journal keeps: messages already decoded, checked and resolved, in a form that does not depend on the
 * sender's format and is cheap to turn into rows. Times are epoch milliseconds; NaN is "no value". Written here, read
 * in formats/, where every earlier form can be read too.
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
export type { MonitorRecord } from './monitor-record.ts';

export type JournalRecord = VitalsRecord | WavesRecord | RejectRecord | DeviceRecord | AlarmRecord | MonitorRecord;

export const KIND_CODES = { vitals: 1, waves: 2, reject: 3, device: 4, alarm: 5, monitor: 6 } as const satisfies Record<
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
  monitor(record) {
    writer.bytes(monitorBody(record));
  },
};

export const encodeRecord = (record: JournalRecord): Buffer => {
  writer.u8(FORMAT_FLAG | FORMAT);
  writer.u8(KIND_CODES[record.kind]);
  writer.f64(record.receivedAt);
  // The table is total over the kinds; TypeScript cannot see that a record meets its own writer.
  (bodyWriters[record.kind] as (record: JournalRecord) => void)(record);
  return writer.take();
};
