import type { Channel } from '#contracts/mqtt/topics.ts';
import type { Entry } from '#contracts/ports/journal.ts';
import { lowestMdc } from '#domain/packed-waves/row.ts';
import type { AlarmToStore } from './alarm-record.ts';
import { decodeRecordToStore, type RecordToStore } from './formats/upcast.ts';
import type { DeviceRecord, MonitorRecord, RejectRecord, Samples, Source } from './record.ts';
import type { SeriesIds, Wanted } from './series.ts';

/** Journal records as columns, ready to become parameters. Times are epoch milliseconds. */

export type VitalColumns = {
  readonly time: number[];
  readonly receivedAt: number[];
  readonly value: number[];
  readonly seriesId: number[];
  readonly quality: number[];
  readonly late: boolean[];
};

/** What was measured together is a row, in the series of the waveform with the lowest MDC code. */
export type WaveRow = {
  readonly time: number;
  readonly receivedAt: number;
  readonly seriesId: number;
  readonly late: boolean;
  readonly waves: readonly Samples[];
};

export type Sequenced = {
  readonly device: string;
  readonly channel: Exclude<Channel, 'status'>;
  readonly boot: string;
  readonly seq: number;
  readonly receivedAt: number;
};

export type AlarmRow = { readonly position: bigint; readonly record: AlarmToStore };

export type MonitorRow = { readonly position: bigint; readonly record: MonitorRecord };

export type Rows = {
  readonly vitals: VitalColumns;
  readonly waves: WaveRow[];
  readonly rejects: { readonly position: bigint; readonly record: RejectRecord }[];
  readonly devices: DeviceRecord[];
  readonly alarms: AlarmRow[];
  readonly monitorAlarms: MonitorRow[];
  readonly sequenced: Sequenced[];
};

type Decoded = { readonly position: bigint; readonly record: RecordToStore };

export const decodeEntries = (entries: readonly Entry[]): Decoded[] =>
  entries.map(({ position, bytes }) => ({ position, record: decodeRecordToStore(bytes) }));

/** Signals whose series has no id yet. */
export const missingSeries = (decoded: readonly Decoded[], series: SeriesIds): Wanted[] => {
  const missing: Wanted[] = [];
  for (const { record } of decoded) {
    if (record.kind !== 'vitals' && record.kind !== 'waves') continue;
    const known = series.of(record.source);
    for (const block of record.blocks) {
      for (const { mdc } of block.items) if (!known.has(mdc)) missing.push({ source: record.source, mdc });
    }
  }
  return missing;
};

const idOf = (known: ReadonlyMap<number, number>, source: Source, mdc: number): number => {
  const id = known.get(mdc);
  // Another station made it between our insert and our look: the next try sees it.
  if (id === undefined) throw new Error(`the series of ${source.device} and ${mdc} is not visible yet`);
  return id;
};

export const buildRows = (decoded: readonly Decoded[], series: SeriesIds): Rows => {
  const vitals: VitalColumns = { time: [], receivedAt: [], value: [], seriesId: [], quality: [], late: [] };
  const rows: Rows = { vitals, waves: [], rejects: [], devices: [], alarms: [], monitorAlarms: [], sequenced: [] };
  for (const { position, record } of decoded) {
    if (record.kind === 'reject') rows.rejects.push({ position, record });
    else if (record.kind === 'device') rows.devices.push(record);
    else if (record.kind === 'alarm') rows.alarms.push({ position, record });
    else if (record.kind === 'monitor') {
      const { sequences, receivedAt } = record;
      rows.monitorAlarms.push({ position, record });
      for (const sequence of sequences) rows.sequenced.push({ ...sequence, channel: 'alarms', receivedAt });
    } else {
      const { source, receivedAt, kind } = record;
      const known = series.of(source);
      for (const { boot, seq } of record.blocks) {
        if (seq >= 0) rows.sequenced.push({ device: source.device, channel: kind, boot, seq, receivedAt });
      }
      if (record.kind === 'vitals') {
        for (const { time, late, items } of record.blocks) {
          for (const reading of items) {
            vitals.time.push(time);
            vitals.receivedAt.push(receivedAt);
            vitals.value.push(reading.value);
            vitals.seriesId.push(idOf(known, source, reading.mdc));
            vitals.quality.push(reading.quality);
            vitals.late.push(late);
          }
        }
      } else {
        for (const { time, late, items } of record.blocks) {
          if (items.length === 0) continue;
          rows.waves.push({ time, receivedAt, seriesId: idOf(known, source, lowestMdc(items)), late, waves: items });
        }
      }
    }
  }
  return rows;
};
