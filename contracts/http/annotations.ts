import { z } from 'zod';
import { Id } from '#domain/id.ts';
import { Instant, Time } from './time.ts';

/** A note about a time at a bed. A retracted note says who retracted it, and when. */
export const Annotation = z
  .object({
    id: z.int(),
    bed: Id,
    encounter: z.int().nullable().describe('the stay of who was in the bed at that time'),
    at: Instant,
    until: Instant.nullable().describe('null: about a moment'),
    text: z.string(),
    author: z.string(),
    createdAt: Instant,
    retractedAt: Instant.nullable(),
    retractedBy: z.string().nullable(),
  })
  .meta({ id: 'Annotation' });
export type Annotation = z.infer<typeof Annotation>;

export const NewAnnotation = z.strictObject({
  at: Time,
  until: Time.nullable().default(null),
  text: z.string().trim().min(1).max(2_000),
});
