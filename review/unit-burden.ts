import type { UnitBurden } from '#contracts/http/review.ts';
import { readByCursor } from '#platform/cursor.ts';
import type { Database } from '#platform/database.ts';
import { type Bounds, IN_SCOPE } from './burden-statements.ts';
import { createFloodWatch, type FloodWatch, loadOf } from './floods.ts';
import { round } from './rounding.ts';

/** How densely the alarms of a unit came: how many an hour, and in what floods. */

const HOUR_MS = 3_600_000;

const BEDS = `
  select unit_id as unit, count(*)::int as beds from beds
  where ($1::text is null or unit_id = $1) and ($2::text is null or id = $2) and $3::timestamptz < $4
  group by unit_id order by unit_id`;

const STARTS = `
  select unit_id, (extract(epoch from decided_at) * 1000)::float8 from alarms
  where not late and unit_id is not null and decided_at >= $3 and decided_at < $4 and ${IN_SCOPE}
  order by decided_at`;

const ROWS_AT_ONCE = 5_000;

/** One watch a unit over the starts of all alarms, which may be millions. */
const watchUnits = async (
  database: Database,
  bounds: Bounds,
): Promise<Map<string, { watch: FloodWatch; alarms: number }>> => {
  const units = new Map<string, { watch: FloodWatch; alarms: number }>();
  const starts = { text: STARTS, values: bounds };
  for await (const rows of readByCursor<[unit: string, at: number]>(database, [starts], ROWS_AT_ONCE)) {
    for (const [unit, at] of rows) {
      const known = units.get(unit) ?? { watch: createFloodWatch(), alarms: 0 };
      units.set(unit, known);
      known.alarms++;
      known.watch.take(at);
    }
  }
  return units;
};

type Watched = { readonly watch: FloodWatch; readonly alarms: number };

const burdenOf = (
  place: { readonly unit: string; readonly beds: number },
  { watch, alarms }: Watched,
  fromMs: number,
  toMs: number,
): UnitBurden => {
  const { floods, peak } = watch.end(toMs);
  const floodMs = floods.reduce((sum, { from, to }) => sum + to - from, 0);
  const alarmsPerHour = round(alarms / ((toMs - fromMs) / HOUR_MS));
  return {
    ...place,
    alarmsPerHour,
    load: loadOf(alarmsPerHour),
    peakIn10min: peak,
    floods: floods.length,
    floodMs: Math.round(floodMs),
    floodShare: round(floodMs / (toMs - fromMs), 4),
  };
};

/** Every unit in scope that has beds, by its id. Rejects when the database is away. */
export const readUnitBurdens = async (database: Database, bounds: Bounds): Promise<UnitBurden[]> => {
  const { rows: places } = await database.query<{ unit: string; beds: number }>(BEDS, [...bounds]);
  const watched = await watchUnits(database, bounds);
  const [, , from, to] = bounds;
  return places.map((place) => {
    const ofUnit = watched.get(place.unit) ?? { watch: createFloodWatch(), alarms: 0 };
    return burdenOf(place, ofUnit, from.getTime(), to.getTime());
  });
};
