import { z } from 'zod';
import { AuditEntry } from '#contracts/http/audit.ts';
import { Time } from '#contracts/http/time.ts';
import { invalid } from '../http/problems.ts';
import type { ApiApp, RouteDeps } from '../http/route.ts';
import { readErrors, writeErrors } from '../http/schemas.ts';
import { listAudit } from './queries.ts';

const Word = z.string().min(1).max(200).optional();

const Asked = z.object({
  actor: Word.describe('Who did it'),
  action: Word.describe('As in `device:create`'),
  subject: Word.describe('The id of what was changed'),
  from: Time.optional(),
  to: Time.optional(),
  before: z.coerce
    .number()
    .int()
    .positive()
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .describe('The oldest id that is known: for the next page'),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});

const momentOf = (time: string | undefined): number | undefined => (time === undefined ? undefined : Date.parse(time));

/** Who changed what. It names people, so it is for operators alone. */
export const auditRoutes = (app: ApiApp, { database }: Pick<RouteDeps, 'database'>): void => {
  app.get(
    '/audit',
    {
      schema: {
        tags: ['Audit'],
        summary: 'Who changed what, the newest first',
        querystring: Asked,
        response: { 200: z.array(AuditEntry), ...readErrors, 403: writeErrors[403] },
      },
    },
    async ({ query: { from, to, ...asked } }) => {
      const [fromMs, toMs] = [momentOf(from), momentOf(to)];
      if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs) throw invalid('from must be before to');
      return listAudit(database, { ...asked, fromMs, toMs });
    },
  );
};
