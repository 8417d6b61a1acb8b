import type { Unit } from '#domain/entities.ts';
import { type Queryable, query } from './database.ts';

export const listUnits = (database: Queryable): Promise<Unit[]> =>
  query(database, 'select id, name from units order by name, id');

export const putUnit = async (database: Queryable, { id, name }: Unit): Promise<void> => {
  await query(
    database,
    'insert into units (id, name) values ($1, $2) on conflict (id) do update set name = excluded.name',
    [id, name],
  );
};
