import type { Annotation } from '#contracts/http/annotations.ts';
import { type Queryable, query } from '../database/query.ts';
import { conflict, notFound } from '../http/problems.ts';

type Row = {
  id: number;
  bed_id: string;
  encounter_id: number | null;
  at: Date;
  until: Date | null;
  text: string;
  author: string;
  created_at: Date;
  retracted_at: Date | null;
  retracted_by: string | null;
};

const ofRow = (row: Row): Annotation => ({
  id: row.id,
  bed: row.bed_id,
  encounter: row.encounter_id,
  at: row.at.getTime(),
  until: row.until?.getTime() ?? null,
  text: row.text,
  author: row.author,
  createdAt: row.created_at.getTime(),
  retractedAt: row.retracted_at?.getTime() ?? null,
  retractedBy: row.retracted_by,
});

const MOST = 1_000;

/** The notes about any moment in [fromMs, toMs), by time. */
export const listAnnotations = async (
  database: Queryable,
  { bed, fromMs, toMs }: { bed: string; fromMs: number; toMs: number },
): Promise<Annotation[]> => {
  const rows = await query<Row>(
    database,
    `select note.*, back.created_at as retracted_at, back.author as retracted_by
     from annotations note left join annotation_retractions back on back.annotation_id = note.id
     where note.bed_id = $1 and note.at < $3 and coalesce(note.until, note.at) >= $2
     order by note.at, note.id limit ${MOST}`,
    [bed, new Date(fromMs), new Date(toMs)],
  );
  return rows.map(ofRow);
};

/** It belongs to who was in the bed at its time. */
export const addAnnotation = async (
  database: Queryable,
  note: { bed: string; at: string; until: string | null; text: string; author: string },
): Promise<Annotation> => {
  const [row] = await query<Row>(
    database,
    `insert into annotations (bed_id, encounter_id, at, until, text, author)
     values ($1, (
       select id from encounters where bed_id = $1 and started_at <= $2 and (ended_at is null or ended_at > $2) limit 1
     ), $2, $3, $4, $5)
     returning *, null as retracted_at, null as retracted_by`,
    [note.bed, new Date(note.at), note.until === null ? null : new Date(note.until), note.text, note.author],
  );
  if (!row) throw new Error('the note was not returned');
  return ofRow(row);
};

/** Rejects with 404 when there is no such note at the bed, and with 409 when it was taken back before. */
export const retractAnnotation = async (
  database: Queryable,
  { bed, id, author }: { bed: string; id: number; author: string },
): Promise<void> => {
  const found = await query(database, 'select from annotations where id = $1 and bed_id = $2', [id, bed]);
  if (found.length === 0) throw notFound(`there is no note ${id} at bed ${bed}`);
  const made = await query(
    database,
    `insert into annotation_retractions (annotation_id, author) values ($1, $2)
     on conflict do nothing returning annotation_id`,
    [id, author],
  );
  if (made.length === 0) throw conflict(`note ${id} was taken back before`);
};
