import type { Unit } from '#contracts/http/units.ts';
import { type Queryable, query } from '../database/query.ts';
import { notFound } from '../http/problems.ts';

export const listUnits = (database: Queryable): Promise<Unit[]> =>
  query(database, 'select id, name from units order by name, id');

export const putUnit = async (database: Queryable, { id, name }: Unit): Promise<void> => {
  await query(
    database,
    'insert into units (id, name) values ($1, $2) on conflict (id) do update set name = excluded.name',
    [id, name],
  );
};

export const isUnit = async (database: Queryable, id: string): Promise<boolean> =>
  (await query(database, 'select from units where id = $1', [id])).length > 0;

/** Rejects with 404 when there is no such unit. */
export const requireUnit = async (database: Queryable, id: string): Promise<void> => {
  if (!(await isUnit(database, id))) throw notFound(`there is no unit ${id}`);
};
