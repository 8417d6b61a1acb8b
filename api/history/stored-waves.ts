import type { WavesRequest } from '#contracts/ports/archive.ts';
import { type WavesRow, wavesOfRow } from '#domain/packed-waves/row.ts';
import { WAVE_IDS, type WaveId, wave, waveByMdc } from '#domain/waveforms.ts';
import { type Queryable, query } from '../database/query.ts';
import { decimalOf } from './decimals.ts';

/** The waveforms of a bed as they are stored, a page at a time. */

/** `timeMs` is of the first sample. NaN is a missing sample. */
export type StoredBlock = {
  readonly signal: WaveId;
  readonly device: string;
  readonly timeMs: number;
  readonly rate: number;
  readonly samples: Float32Array;
};

/** `nextMs` is where the next page begins; null when this was the last. */
export type StoredPage = { readonly blocks: readonly StoredBlock[]; readonly nextMs: number | null };

type Row = {
  signal: WaveId;
  device_id: string;
  encounter_id: number | null;
  time: Date;
  received_at: Date;
  rate: number;
  /** null: the row did not fit into the page. */
  samples: number[] | null;
  packed: Buffer | null;
};

const TIMEOUT_MS = 30_000;
const MAX_ROWS = 2_000;

/**
 * The blocks that start in [from, to), of all signals together by time. A page is cut between two instants, never
 * within one, so that a time is all there is to know to go on. Samples are counted in the database: those that do not
 * fit are not even sent. What is packed may be of any signal, whatever the series of its row.
 */
export const readStoredWaves = async (database: Queryable, request: WavesRequest): Promise<StoredPage> => {
  const rows = await query<Row>(
    database,
    `with found as (
       select series.id, series.signal, series.device_id, series.encounter_id, row.*
       from series cross join lateral (
         select time, received_at, rate, samples, packed, coalesce(sample_count, cardinality(samples)) as sample_count
         from waves
         where series_id = series.id and time >= $4 and time < $5
           and (packed is not null or series.signal = any($3::text[]))
         order by time limit ${MAX_ROWS + 1}
       ) as row
       where series.bed_id = $1 and series.signal = any($2::text[])
       order by row.time, series.id limit ${MAX_ROWS + 1}
     ), counted as (
       select *, sum(sample_count) over (order by time) - sum(sample_count) over (partition by time) as samples_before
       from found
     )
     select signal, device_id, encounter_id, time, received_at, rate,
       case when samples_before < $6 then samples end as samples, case when samples_before < $6 then packed end as packed
     from counted order by time, id`,
    [request.bed, WAVE_IDS, request.signals, request.from, request.to, request.maxSamples],
    TIMEOUT_MS,
  );
  return cutPage(rows, new Set(request.signals));
};

/** Up to the first instant that did not fit whole. */
const cutPage = (rows: readonly Row[], signals: ReadonlySet<WaveId>): StoredPage => {
  const next = rows.find(({ samples }, index) => samples === null || index === MAX_ROWS)?.time;
  const blocks = rows.flatMap((row) => (next && row.time >= next ? [] : blocksOf(row, signals)));
  return { blocks: newest(blocks), nextMs: next?.getTime() ?? null };
};

type Received = StoredBlock & { readonly encounter: number | null; readonly receivedMs: number };

const blocksOf = ({ samples, time, ...row }: Row, signals: ReadonlySet<WaveId>): Received[] => {
  if (samples === null) return [];
  const stored: WavesRow = { mdc: wave(row.signal).mdc, rate: row.rate, samples, packed: row.packed };
  const signalOf = (mdc: number): WaveId | undefined => {
    const signal = waveByMdc(mdc);
    return signal && signals.has(signal) ? signal : undefined;
  };
  return wavesOfRow(stored, (mdc) => signalOf(mdc) !== undefined).flatMap((block) => {
    const signal = signalOf(block.mdc);
    if (!signal) return [];
    const source = { device: row.device_id, encounter: row.encounter_id, receivedMs: row.received_at.getTime() };
    return [
      { signal, ...source, timeMs: time.getTime(), rate: decimalOf(Math.fround(block.rate)), samples: block.samples },
    ];
  });
};

/** A block that was sent again together with others may be in two rows: what was received last is what it is. */
const newest = (blocks: readonly Received[]): StoredBlock[] => {
  const kept = new Map<string, Received>();
  for (const block of blocks) {
    const key = `${block.device} ${block.encounter} ${block.signal} ${block.timeMs}`;
    const other = kept.get(key);
    if (!other || other.receivedMs <= block.receivedMs) kept.set(key, block);
  }
  return [...kept.values()].map(({ signal, device, timeMs, rate, samples }) => ({
    signal,
    device,
    timeMs,
    rate,
    samples,
  }));
};
