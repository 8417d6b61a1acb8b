import type { DatabaseClient } from '#platform/database.ts';
import { pgArray } from '#platform/pg-arrays.ts';
import type { WaveRow } from '../rows.ts';

// One array of samples a row cannot be an element of unnest (arrays of arrays are rectangular), so each block is a
// slice of one long array.
const WAVES = {
  name: 'write-waves',
  text: `
insert into waves (time, received_at, series_id, rate, late, samples)
select distinct on (series_id, time) time, received_at, series_id, rate, late, ($1::float4[])[first:last]
from unnest($2::timestamptz[], $3::timestamptz[], $4::int4[], $5::float4[], $6::bool[], $7::int4[], $8::int4[])
  with ordinality as block(time, received_at, series_id, rate, late, first, last, place)
order by series_id, time, place desc
on conflict (series_id, time) do update
set samples = excluded.samples, rate = excluded.rate, received_at = excluded.received_at, late = excluded.late
where (waves.samples, waves.rate) is distinct from (excluded.samples, excluded.rate)`,
};

export const writeWaves = async (client: DatabaseClient, waves: readonly WaveRow[]): Promise<void> => {
  const samples: number[] = [];
  const first: number[] = [];
  const last: number[] = [];
  for (const wave of waves) {
    first.push(samples.length + 1);
    for (let index = 0; index < wave.samples.length; index++) samples.push(wave.samples[index] ?? Number.NaN);
    last.push(samples.length);
  }
  await client.query({
    ...WAVES,
    values: [
      pgArray.float4(samples),
      pgArray.timestamptz(waves.map((wave) => wave.time)),
      pgArray.timestamptz(waves.map((wave) => wave.receivedAt)),
      pgArray.int4(waves.map((wave) => wave.seriesId)),
      pgArray.float4(waves.map((wave) => wave.rate)),
      pgArray.bool(waves.map((wave) => wave.late)),
      pgArray.int4(first),
      pgArray.int4(last),
    ],
  });
};
