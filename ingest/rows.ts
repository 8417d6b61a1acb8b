import type { Channel } from '#contracts/mqtt/topics.ts';
import type { Entry } from '#contracts/ports/journal.ts';
import { lowestMdc } from '#domain/packed-waves/row.ts';
import type { AlarmToStore } from './alarm-record.ts';
import { decodeRecordToStore, type RecordToStore } from './formats/upcast.ts';
import { canWalk, type VitalsVisitor, walkVitals } from './formats/walk-vitals.ts';
import type { DeviceRecord, MonitorRecord, RejectRecord, Samples, VitalsRecord, WavesRecord } from './record.ts';
import type { KnownSource, SeriesIds, Wanted } from './series.ts';
import { createVitalColumns, type VitalColumns } from './vital-columns.ts';

/** Journal records as rows, ready to become parameters. Times are epoch milliseconds. */

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

/** What was read of a batch, which becomes rows once its signals have series. */
export type ReadBatch = {
  /** Signals whose series has no id yet. */
  readonly missing: readonly Wanted[];
  /** Must be called after what is missing was ensured, and before the next batch is read. */
  readonly rows: () => Rows;
};

export type BatchReader = { readonly read: (entries: readonly Entry[]) => ReadBatch };

const idOf = ({ ids, source }: KnownSource, mdc: number): number => {
  const id = ids.get(mdc);
  // Another station made it between our insert and our look: the next try sees it.
  if (id === undefined) throw new Error(`the series of ${source.device} and ${mdc} is not visible yet`);
  return id;
};

/** A row of vitals that was read before its series had an id. */
type Unnamed = { readonly row: number; readonly from: KnownSource; readonly mdc: number };

/** Takes readings into columns, one message after the other. */
const createVitalsTaker = (series: SeriesIds) => {
  const columns = createVitalColumns();
  const unnamed: Unnamed[] = [];
  let sequenced: Sequenced[] = [];
  let from: KnownSource;
  let receivedAt = 0;
  let time = 0;
  let late = 0;

  const visitor: VitalsVisitor = {
    message(at, source, record) {
      receivedAt = at;
      from = series.named(source, record);
    },
    block(at, boot, seq, isLate) {
      time = at;
      late = isLate ? 1 : 0;
      if (seq >= 0) sequenced.push({ device: from.source.device, channel: 'vitals', boot, seq, receivedAt });
    },
    reading(mdc, value, quality) {
      const id = from.ids.get(mdc);
      if (id === undefined) unnamed.push({ row: columns.length(), from, mdc });
      columns.add(time, receivedAt, value, id ?? 0, quality, late);
    },
  };

  return {
    walk: (record: Buffer): void => walkVitals(record, visitor),
    /** Readings of an older format, as decoded. */
    take({ source, receivedAt: at, blocks }: VitalsRecord): void {
      receivedAt = at;
      from = series.of(source);
      for (const { time: measuredAt, boot, seq, late: isLate, items } of blocks) {
        visitor.block(measuredAt, boot, seq, isLate);
        for (const { mdc, value, quality } of items) visitor.reading(mdc, value, quality);
      }
    },
    begin(into: Sequenced[]): void {
      columns.clear();
      unnamed.length = 0;
      sequenced = into;
    },
    missing: (): Wanted[] => unnamed.map(({ from: { source }, mdc }) => ({ source, mdc })),
    columns(): VitalColumns {
      for (const { row, from: known, mdc } of unnamed) columns.setSeriesId(row, idOf(known, mdc));
      return columns.view();
    },
  };
};

const missingOf = (waves: readonly WavesRecord[], series: SeriesIds): Wanted[] =>
  waves.flatMap(({ source, blocks }) => {
    const { ids } = series.of(source);
    return blocks.flatMap(({ items }) => items.filter(({ mdc }) => !ids.has(mdc)).map(({ mdc }) => ({ source, mdc })));
  });

const rowsOfWaves = ({ source, receivedAt, blocks }: WavesRecord, series: SeriesIds): WaveRow[] => {
  const known = series.of(source);
  return blocks.flatMap(({ time, late, items }) =>
    items.length === 0 ? [] : [{ time, receivedAt, seriesId: idOf(known, lowestMdc(items)), late, waves: items }],
  );
};

/** Reads one batch after the other, into the same columns. */
export const createBatchReader = (series: SeriesIds): BatchReader => {
  const vitals = createVitalsTaker(series);

  return {
    read(entries) {
      const waves: WavesRecord[] = [];
      const rows: Omit<Rows, 'vitals' | 'waves'> = {
        rejects: [],
        devices: [],
        alarms: [],
        monitorAlarms: [],
        sequenced: [],
      };
      const { rejects, devices, alarms, monitorAlarms, sequenced } = rows;
      vitals.begin(sequenced);
      const take: {
        readonly [Kind in RecordToStore['kind']]: (record: Extract<RecordToStore, { kind: Kind }>, at: bigint) => void;
      } = {
        vitals: vitals.take,
        waves(record) {
          waves.push(record);
          const { source, receivedAt } = record;
          for (const { boot, seq } of record.blocks) {
            if (seq >= 0) sequenced.push({ device: source.device, channel: 'waves', boot, seq, receivedAt });
          }
        },
        reject: (record, position) => void rejects.push({ position, record }),
        device: (record) => void devices.push(record),
        alarm: (record, position) => void alarms.push({ position, record }),
        monitor(record, position) {
          const { sequences, receivedAt } = record;
          monitorAlarms.push({ position, record });
          for (const sequence of sequences) sequenced.push({ ...sequence, channel: 'alarms', receivedAt });
        },
      };
      for (const { position, bytes } of entries) {
        if (canWalk(bytes)) vitals.walk(bytes);
        else {
          const record = decodeRecordToStore(bytes);
          // The table is total over the kinds; TypeScript cannot see that a record meets its own taker.
          (take[record.kind] as (record: RecordToStore, at: bigint) => void)(record, position);
        }
      }
      return {
        missing: [...vitals.missing(), ...missingOf(waves, series)],
        rows: () => ({
          ...rows,
          vitals: vitals.columns(),
          waves: waves.flatMap((record) => rowsOfWaves(record, series)),
        }),
      };
    },
  };
};
