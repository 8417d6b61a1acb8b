import { readConfig } from '#domain/alarms/formats/upcast.ts';
import type { AlarmConfig } from '#domain/alarms/settings.ts';
import { type Queryable, query } from '../database/query.ts';

/** The settings that the engine was given for a bed, beside those it was given before. */
const PRESET_CHANGE = `
  select extract(epoch from at) * 1000 as at, config, format, before, before_format from (
    select at, journal_seq, place, config, format, revision,
      lag(config) over given as before, lag(format) over given as before_format, lag(revision) over given as before_revision
    from (
      select at, journal_seq, place, format, input -> 'config' as config,
        coalesce((input #>> '{config,version,presetRevision}')::integer, 1) as revision
      from alarm_inputs where bed_id = $1 and type in ('occupied', 'configured')
    ) as inputs
    window given as (order by at, journal_seq, place)
  ) as changes
  where revision <> before_revision order by at desc, journal_seq desc, place desc limit 1`;

/** When an update of the station brought other presets to a bed last, and its settings on both sides; undefined: never. */
export const readPresetChange = async (
  database: Queryable,
  bed: string,
): Promise<{ at: number; from: AlarmConfig; to: AlarmConfig } | undefined> => {
  const [row] = await query<{ at: string; config: unknown; format: number; before: unknown; before_format: number }>(
    database,
    PRESET_CHANGE,
    [bed],
  );
  if (!row) return undefined;
  return {
    at: Number(row.at),
    from: readConfig(row.before, row.before_format),
    to: readConfig(row.config, row.format),
  };
};
