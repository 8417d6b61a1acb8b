import type { AuditEntry } from '#contracts/http/audit.ts';
import { type Queryable, query } from '../database/query.ts';

type Row = {
  id: string;
  at: Date;
  actor: string;
  action: string;
  subject: string;
  detail: Record<string, unknown>;
};

type Asked = {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly subject?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** Only lines older than this one. */
  readonly before?: number | undefined;
  readonly limit: number;
};

const dateOf = (ms: number | undefined): Date | null => (ms === undefined ? null : new Date(ms));

/** Lines of the audit log that match all that is asked for, the newest first. */
export const listAudit = async (database: Queryable, asked: Asked): Promise<AuditEntry[]> => {
  const rows = await query<Row>(
    database,
    `select id, at, actor, action, subject, detail from audit_log
     where ($1::text is null or actor = $1)
       and ($2::text is null or action = $2)
       and ($3::text is null or subject = $3)
       and ($4::timestamptz is null or at >= $4)
       and ($5::timestamptz is null or at < $5)
       and ($6::bigint is null or id < $6)
     order by id desc limit $7`,
    [
      asked.actor ?? null,
      asked.action ?? null,
      asked.subject ?? null,
      dateOf(asked.fromMs),
      dateOf(asked.toMs),
      asked.before ?? null,
      asked.limit,
    ],
  );
  return rows.map(({ id, at, ...row }) => ({ ...row, id: Number(id), at: at.getTime() }));
};
