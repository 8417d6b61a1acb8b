import { type Queryable, query } from './query.ts';

export const recordAudit = async (
  database: Queryable,
  entry: { actor: string; action: string; subject: string; detail: object },
): Promise<void> => {
  await query(database, 'insert into audit_log (actor, action, subject, detail) values ($1, $2, $3, $4)', [
    entry.actor,
    entry.action,
    entry.subject,
    JSON.stringify(entry.detail),
  ]);
};
