import type { Bed } from '#contracts/http/beds.ts';
import { type Queryable, query } from '../database/query.ts';
import { notFound } from '../http/problems.ts';

export const listBeds = (database: Queryable, { unit }: { unit?: string | undefined }): Promise<Bed[]> =>
  query(
    database,
    `select id, unit_id as unit, label from beds where $1::text is null or unit_id = $1 order by unit_id, label, id`,
    [unit ?? null],
  );

export const putBed = async (database: Queryable, { id, unit, label }: Bed): Promise<void> => {
  await query(
    database,
    `insert into beds (id, unit_id, label) values ($1, $2, $3)
     on conflict (id) do update set unit_id = excluded.unit_id, label = excluded.label`,
    [id, unit, label],
  );
};

export const isBed = async (database: Queryable, id: string): Promise<boolean> =>
  (await query(database, 'select from beds where id = $1', [id])).length > 0;

/** Rejects with 404 when there is no such bed. */
export const requireBed = async (database: Queryable, id: string): Promise<void> => {
  if (!(await isBed(database, id))) throw notFound(`there is no bed ${id}`);
};
