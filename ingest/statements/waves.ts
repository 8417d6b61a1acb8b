import { packWaves, type Wave } from '#domain/packed-waves/packed-waves.ts';
import { lowestMdc, type WavesRow, wavesOfRow } from '#domain/packed-waves/row.ts';
import type { DatabaseClient } from '#platform/database.ts';
import { pgArray } from '#platform/pg-arrays.ts';
import type { WaveRow } from '../rows.ts';

// The bytes of all rows are one parameter, of which each row has a slice. `rate` is that of the waveform of the
// row's series, for older programs.
const INSERT = `
insert into waves (time, received_at, series_id, rate, late, samples, sample_count, packed)
select time, received_at, series_id, rate, late, '{}', sample_count, substring($1::bytea from first for bytes)
from unnest(
  $2::timestamptz[], $3::timestamptz[], $4::int4[], $5::float4[], $6::bool[], $7::int4[], $8::int4[], $9::int4[]
) as block(time, received_at, series_id, rate, late, sample_count, first, bytes)
order by series_id, time`;

const NEW_WAVES = { name: 'write-new-waves', text: `${INSERT} on conflict do nothing` };

const CHANGED_WAVES = {
  name: 'write-changed-waves',
  text: `${INSERT}
on conflict (series_id, time) do update
set samples = excluded.samples, sample_count = excluded.sample_count, packed = excluded.packed, rate = excluded.rate,
  received_at = excluded.received_at, late = excluded.late`,
};

const KNOWN_WAVES = {
  name: 'read-known-waves',
  text: `
select wanted.place::int4 as place, (extract(epoch from received_at) * 1000)::float8 as received_at, rate, samples, packed
from unnest($1::int4[], $2::timestamptz[]) with ordinality as wanted(series_id, time, place)
join waves on waves.series_id = wanted.series_id and waves.time = wanted.time`,
};

/** A row as it is to be stored. */
type Block = Omit<WaveRow, 'waves'> & { readonly waves: ReadonlyMap<number, Wave> };

/** The later of one waveform of one time wins. */
const join = (blocks: Iterable<Block>): Block[] => {
  const joined = new Map<string, Block>();
  for (const block of blocks) {
    // Times are stored to the microsecond.
    const key = `${block.seriesId} ${Math.round(block.time * 1_000)}`;
    const before = joined.get(key);
    joined.set(key, before ? { ...block, waves: new Map([...before.waves, ...block.waves]) } : block);
  }
  return [...joined.values()];
};

const toWave = ({ mdc, rate, samples }: WaveRow['waves'][number]): Wave => ({
  mdc,
  rate,
  samples: samples instanceof Float32Array ? samples : Float32Array.from(samples),
});

const toBlock = ({ waves, ...row }: WaveRow): Block => ({
  ...row,
  waves: new Map(waves.map((wave) => [wave.mdc, toWave(wave)])),
});

const parametersOf = (blocks: readonly Block[]): Buffer[] => {
  const packed = blocks.map(({ waves }) => packWaves([...waves.values()]));
  const first: number[] = [];
  let next = 1;
  for (const { length } of packed) {
    first.push(next);
    next += length;
  }
  return [
    Buffer.concat(packed),
    pgArray.timestamptz(blocks.map(({ time }) => time)),
    pgArray.timestamptz(blocks.map(({ receivedAt }) => receivedAt)),
    pgArray.int4(blocks.map(({ seriesId }) => seriesId)),
    pgArray.float4(blocks.map(({ waves }) => waves.get(lowestMdc([...waves.values()]))?.rate ?? 0)),
    pgArray.bool(blocks.map(({ late }) => late)),
    pgArray.int4(blocks.map(({ waves }) => [...waves.values()].reduce((sum, { samples }) => sum + samples.length, 0))),
    pgArray.int4(first),
    pgArray.int4(packed.map(({ length }) => length)),
  ];
};

const isSame = (a: Wave | undefined, b: Wave): boolean =>
  a !== undefined &&
  Math.fround(a.rate) === Math.fround(b.rate) &&
  a.samples.length === b.samples.length &&
  a.samples.every((sample, index) => Object.is(sample, b.samples[index]));

/** Blocks of which something is not stored yet, with what else is stored beside them. */
const findChanged = async (client: DatabaseClient, blocks: readonly Block[]): Promise<Block[]> => {
  const values = [
    pgArray.int4(blocks.map(({ seriesId }) => seriesId)),
    pgArray.timestamptz(blocks.map(({ time }) => time)),
  ];
  type Row = Omit<WavesRow, 'mdc'> & { place: number; received_at: number };
  const { rows } = await client.query<Row>({ ...KNOWN_WAVES, values });
  return rows.flatMap(({ place, received_at, ...row }) => {
    const block = blocks[place - 1];
    if (!block) return [];
    const waves = wavesOfRow({ ...row, mdc: lowestMdc([...block.waves.values()]) });
    const stored = new Map(waves.map((wave) => [wave.mdc, wave]));
    const isKnown = [...block.waves.values()].every((wave) => isSame(stored.get(wave.mdc), wave));
    if (isKnown) return [];
    // With waveforms that are kept the row is as old as they are: one of them may have come again since, in another row.
    const keepsSome = [...stored.keys()].some((mdc) => !block.waves.has(mdc));
    const receivedAt = keepsSome ? received_at : block.receivedAt;
    return [{ ...block, receivedAt, waves: new Map([...stored, ...block.waves]) }];
  });
};

/**
 * Nearly always all blocks are new. Only when some were there already they are compared, as samples: a block that comes
 * again changes nothing, whichever release stored it, and one with fewer waveforms takes nothing away.
 */
export const writeWaves = async (client: DatabaseClient, waves: readonly WaveRow[]): Promise<void> => {
  const blocks = join(waves.map(toBlock));
  const { rowCount } = await client.query({ ...NEW_WAVES, values: parametersOf(blocks) });
  if (rowCount === blocks.length) return;
  const changed = await findChanged(client, blocks);
  if (changed.length > 0) await client.query({ ...CHANGED_WAVES, values: parametersOf(changed) });
};
