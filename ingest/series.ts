import { type VitalId, vitalByMdc } from '#domain/vitals.ts';
import { type WaveId, waveByMdc } from '#domain/waveforms.ts';
import type { DatabaseClient } from '#platform/database.ts';
import { sourceOf } from './formats/walk-vitals.ts';
import type { Source } from './record.ts';

/**
 * Series ids, from memory when known and made in the database when not. They are those of one session with the database: a
 * server that crashes, or is replaced by its standby, may forget a series and give its id to another.
 */
export type SeriesIds = {
  readonly of: (source: Source) => KnownSource;
  /** The same, by the bytes that name the source in a record. */
  readonly named: (bytes: string, record: Buffer) => KnownSource;
  readonly ensure: (client: DatabaseClient, wanted: readonly Wanted[]) => Promise<void>;
};

/** Ids by the MDC code of the signal; what is not in it must be ensured first. */
export type KnownSource = { readonly source: Source; readonly ids: ReadonlyMap<number, number> };

export type Wanted = { readonly source: Source; readonly mdc: number };

// The search comes first: an insert that meets a series takes a number all the same, and each new session asks for all.
const UPSERT = {
  name: 'series-upsert',
  text: `
with wanted as (
  select * from unnest($1::text[], $2::text[], $3::text[], $4::int[]) with ordinality
    as t(device_id, signal, bed_id, encounter_id, place)
), found as (
  select wanted.place, series.id from series join wanted using (device_id, signal)
  where series.bed_id is not distinct from wanted.bed_id and series.encounter_id is not distinct from wanted.encounter_id
), made as (
  insert into series (device_id, signal, bed_id, encounter_id)
  select device_id, signal, bed_id, encounter_id from wanted
  where not exists (select from found where found.place = wanted.place)
  on conflict do nothing
  returning id, device_id, signal, bed_id, encounter_id
)
select place::int, id from found
union all
select wanted.place::int, made.id from made join wanted using (device_id, signal)
where made.bed_id is not distinct from wanted.bed_id and made.encounter_id is not distinct from wanted.encounter_id`,
};

/** Asked for at once. A new session asks for all: the thread that acknowledges has its turn between two portions. */
const PORTION = 500;

const signalOf = (mdc: number): VitalId | WaveId => {
  const signal = vitalByMdc(mdc) ?? waveByMdc(mdc);
  if (!signal) throw new RangeError(`no signal in the catalogue has the MDC code ${mdc}`);
  return signal;
};

const sourceKey = ({ device, bed, encounter }: Source): string => `${device}/${bed ?? ''}/${encounter ?? ''}`;

/** `place` counts from 1 in what was asked for. */
type SeriesRow = { place: number; id: number };

export const createSeriesIds = (): SeriesIds => {
  const bySource = new Map<string, { source: Source; ids: Map<number, number> }>();
  const byBytes = new Map<string, KnownSource>();

  const of = (source: Source) => {
    const key = sourceKey(source);
    const known = bySource.get(key) ?? { source, ids: new Map<number, number>() };
    bySource.set(key, known);
    return known;
  };

  return {
    of,
    named(bytes, record) {
      const known = byBytes.get(bytes) ?? of(sourceOf(record));
      byBytes.set(bytes, known);
      return known;
    },
    async ensure(client, wanted) {
      const unique = [...new Map(wanted.map((want) => [`${sourceKey(want.source)}/${want.mdc}`, want])).values()];
      for (let first = 0; first < unique.length; first += PORTION) {
        const portion = unique.slice(first, first + PORTION);
        const { rows } = await client.query<SeriesRow>({
          ...UPSERT,
          values: [
            portion.map(({ source }) => source.device),
            portion.map(({ mdc }) => signalOf(mdc)),
            portion.map(({ source }) => source.bed),
            portion.map(({ source }) => source.encounter),
          ],
        });
        for (const { place, id } of rows) {
          const want = portion[place - 1];
          if (want) of(want.source).ids.set(want.mdc, id);
        }
      }
    },
  };
};
