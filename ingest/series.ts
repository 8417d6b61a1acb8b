import { type VitalId, vitalByMdc } from '#domain/vitals.ts';
import { type WaveId, waveByMdc } from '#domain/waveforms.ts';
import type { DatabaseClient } from '#platform/database.ts';
import type { Source } from './record.ts';

/** Series ids, from memory when known and made in the database when not. */
export type SeriesIds = {
  /** Ids by the MDC code of the signal; what is not in it must be ensured first. */
  readonly of: (source: Source) => ReadonlyMap<number, number>;
  readonly ensure: (client: DatabaseClient, wanted: readonly Wanted[]) => Promise<void>;
};

export type Wanted = { readonly source: Source; readonly mdc: number };

const UPSERT = {
  name: 'series-upsert',
  text: `
with wanted as (
  select * from unnest($1::text[], $2::text[], $3::text[], $4::int[]) as t(device_id, signal, bed_id, encounter_id)
), made as (
  insert into series (device_id, signal, bed_id, encounter_id) select * from wanted
  on conflict do nothing
  returning id, device_id, signal, bed_id, encounter_id
)
select * from made
union all
select series.id, series.device_id, series.signal, series.bed_id, series.encounter_id
from series join wanted using (device_id, signal)
where series.bed_id is not distinct from wanted.bed_id and series.encounter_id is not distinct from wanted.encounter_id`,
};

const signalOf = (mdc: number): VitalId | WaveId => {
  const signal = vitalByMdc(mdc) ?? waveByMdc(mdc);
  if (!signal) throw new RangeError(`no signal in the catalogue has the MDC code ${mdc}`);
  return signal;
};

const sourceKey = ({ device, bed, encounter }: Source): string => `${device}/${bed ?? ''}/${encounter ?? ''}`;

type SeriesRow = { id: number; device_id: string; signal: string; bed_id: string | null; encounter_id: number | null };

const rowKey = (row: SeriesRow): string =>
  `${sourceKey({ device: row.device_id, bed: row.bed_id, encounter: row.encounter_id })}/${row.signal}`;

export const createSeriesIds = (): SeriesIds => {
  const bySource = new Map<string, Map<number, number>>();

  const of = (source: Source): Map<number, number> => {
    const key = sourceKey(source);
    const known = bySource.get(key);
    if (known) return known;
    const ids = new Map<number, number>();
    bySource.set(key, ids);
    return ids;
  };

  return {
    of,
    async ensure(client, wanted) {
      const byKey = new Map(wanted.map((want) => [`${sourceKey(want.source)}/${signalOf(want.mdc)}`, want]));
      const unique = [...byKey.values()];
      const { rows } = await client.query<SeriesRow>({
        ...UPSERT,
        values: [
          unique.map((want) => want.source.device),
          unique.map((want) => signalOf(want.mdc)),
          unique.map((want) => want.source.bed),
          unique.map((want) => want.source.encounter),
        ],
      });
      for (const row of rows) {
        const want = byKey.get(rowKey(row));
        if (want) of(want.source).set(want.mdc, row.id);
      }
    },
  };
};
