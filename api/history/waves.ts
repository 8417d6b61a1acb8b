import type { WavesPage } from '#contracts/http/waves.ts';
import type { WavesRequest } from '#contracts/ports/archive.ts';
import type { WaveId } from '#domain/waveforms.ts';
import { type Queryable, query } from '../database/query.ts';

type BlockRow = { signal: WaveId; device_id: string; time: Date; rate: number; samples: number[] | null };

const TIMEOUT_MS = 30_000;
const MAX_BLOCKS = 2_000;

/**
 * The blocks that start in [from, to), of all signals together by time. A page is cut between two instants, never
 * within one, so that a time is all there is to know to go on. Samples are counted in the database: those that do not
 * fit are not even sent.
 */
export const readWaves = async (database: Queryable, request: WavesRequest): Promise<WavesPage> => {
  const rows = await query<BlockRow>(
    database,
    `with blocks as (
       select wanted.signal, wanted.device_id, wanted.id, block.*
       from (select id, signal, device_id from series where bed_id = $1 and signal = any($2::text[])) as wanted
       cross join lateral (
         select time, rate, samples from waves
         where series_id = wanted.id and time >= $3 and time < $4
         order by time limit ${MAX_BLOCKS + 1}
       ) as block
       order by block.time, wanted.id limit ${MAX_BLOCKS + 1}
     ), counted as (
       select *, sum(cardinality(samples)) over (order by time)
         - sum(cardinality(samples)) over (partition by time) as samples_before
       from blocks
     )
     select signal, device_id, time, rate, case when samples_before < $5 then samples end as samples
     from counted order by time, id`,
    [request.bed, request.signals, request.from, request.to, request.maxSamples],
    TIMEOUT_MS,
  );
  return cutPage(rows);
};

/** Up to the first instant that did not fit whole. */
const cutPage = (rows: readonly BlockRow[]): WavesPage => {
  const next = rows.find(({ samples }, index) => samples === null || index === MAX_BLOCKS)?.time;
  const blocks = rows.flatMap(({ signal, device_id, time, rate, samples }) => {
    if (samples === null || (next && time >= next)) return [];
    const values = samples.map((sample) => (Number.isNaN(sample) ? null : sample));
    return [{ signal, device: device_id, time: time.getTime(), rate, samples: values }];
  });
  return { blocks, next: next?.getTime() ?? null };
};
