import { z } from 'zod';
import { Instant } from './time.ts';

/**
 * One line of the audit log: who changed what, and when. It is written with the change, and is never changed or
 * removed.
 */
export const AuditEntry = z
  .object({
    id: z.int().positive().describe('Grows with each line'),
    at: Instant,
    actor: z.string().describe('Who did it, as the sign-in names them'),
    action: z.string().describe('Noun and verb, as in `device:create`'),
    subject: z.string().describe('The id of what was changed'),
    detail: z.record(z.string(), z.unknown()).describe('What it was changed to; never a secret'),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof AuditEntry>;
