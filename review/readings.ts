import type { VitalReading, VitalsEvent } from '#domain/alarms/alarm.ts';
import { VITALS, type VitalId } from '#domain/vitals.ts';
import { type CursorQuery, readByCursor } from '#platform/cursor.ts';
import type { Database } from '#platform/database.ts';

/**
 * Stored readings as the messages they came in. By cursor, so that memory is bounded by a page and not by the range.
 * Times leave the database as numbers: a Date has no microseconds.
 */

export type StoredMessage = VitalsEvent & { readonly late: boolean };

/**
 * `arrival`: what the engine was given, in its order. `measured`: every reading, in the order in which they were
 * measured.
 */
export type Order = 'arrival' | 'measured';

export type ReadingRange = { readonly bed: string; readonly fromMs: number; readonly toMs: number };

type Row = readonly [
  receivedAt: number,
  time: number,
  device: string,
  late: boolean,
  signal: string,
  value: number | null,
  quality: number,
];

/** Small enough that the event loop has a turn every few milliseconds. */
const ROWS_AT_ONCE = 500;

/**
 * Each slice is sorted by the database, and then read in one go. The time of a live reading is by the device's clock, which
 * is at most a day behind or ahead (past that its times are not kept); by time is the only index.
 */
const SLICE_MS = 86_400_000;
const BEFORE = `interval '1 day'`;
const AHEAD = `interval '1 day'`;

const epochMs = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`;
const COLUMNS = 'series_id, time, received_at, value, quality, late';
const OWN = 'series_id = any(array(select id from series where bed_id = $1))';

const select = (source: string, order: string): string => `
  select ${epochMs('given.received_at')}, ${epochMs('given.time')}, series.device_id, given.late, series.signal,
    given.value, given.quality
  from (${source}) as given join series on series.id = given.series_id
  order by ${order}`;

const arrived = (table: string): string => `
  select ${COLUMNS} from ${table}
  where ${OWN} and not late and time >= $2::timestamptz - ${BEFORE} and time < $3::timestamptz + ${AHEAD}
    and received_at >= $2 and received_at < $3`;

// A reading that was replaced in the millisecond in which it came was never the newest: the engine was given the last.
const SLICE: Record<Order, string> = {
  arrival: select(
    `${arrived('vitals')} union all (${arrived('vitals_replaced')} and not exists (
       select from vitals where (series_id, time, received_at) =
         (vitals_replaced.series_id, vitals_replaced.time, vitals_replaced.received_at)))`,
    'given.received_at, given.time, series.device_id',
  ),
  measured: select(
    `select ${COLUMNS} from vitals where ${OWN} and time >= $2 and time < $3`,
    'given.time, given.received_at, series.device_id',
  ),
};

/** In the order of measurement, the devices of a bed count as one: which was the source is known only of what was live. */
const WHEN: Record<
  Order,
  (row: { receivedAt: number; time: number; device: string }) => { at: number; device?: string }
> = {
  arrival: ({ receivedAt, device }) => ({ at: receivedAt, device }),
  measured: ({ time }) => ({ at: time }),
};

const isVital = (signal: string): signal is VitalId => Object.hasOwn(VITALS, signal);

/** Rows in their order to messages: neighbours of one device, arrival and time are one. The last may have more to come. */
const createGrouping = (order: Order) => {
  let last: (StoredMessage & { readings: VitalReading[] }) | undefined;
  let lastDevice = '';
  let lastReceivedAt = Number.NaN;

  return {
    take(rows: readonly Row[]): StoredMessage[] {
      const whole: StoredMessage[] = [];
      for (const [receivedAt, time, device, late, signal, value, quality] of rows) {
        if (!isVital(signal)) continue;
        const reading = { mdc: VITALS[signal].mdc, value: value ?? Number.NaN, quality };
        if (
          last &&
          lastDevice === device &&
          lastReceivedAt === receivedAt &&
          last.time === time &&
          last.late === late
        ) {
          last.readings.push(reading);
          continue;
        }
        if (last) whole.push(last);
        const when = WHEN[order]({ receivedAt, time, device });
        last = { type: 'vitals', ...when, time, late, readings: [reading] };
        lastDevice = device;
        lastReceivedAt = receivedAt;
      }
      return whole;
    },
    rest: (): StoredMessage[] => (last ? [last] : []),
  };
};

/** The messages of a bed in [fromMs, toMs), some hundred at a time; a connection is held until the end, or until the caller stops. */
export async function* readMessages(
  database: Database,
  { bed, fromMs, toMs }: ReadingRange,
  order: Order,
): AsyncGenerator<StoredMessage[]> {
  const slices: CursorQuery[] = [];
  for (let startMs = fromMs; startMs < toMs; startMs += SLICE_MS) {
    slices.push({ text: SLICE[order], values: [bed, isoTime(startMs), isoTime(Math.min(startMs + SLICE_MS, toMs))] });
  }
  const grouping = createGrouping(order);
  for await (const rows of readByCursor<Row>(database, slices, ROWS_AT_ONCE)) yield grouping.take(rows);
  yield grouping.rest();
}

const isoTime = (ms: number): string => new Date(ms).toISOString();
