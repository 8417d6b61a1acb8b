import { z } from 'zod';
import { Id } from '#domain/id.ts';
import { Instant, Time } from './time.ts';

/** A device at a bed, from `start` to `end`; `end` null: it is still there. */
export const Assignment = z
  .object({
    id: z.int().positive(),
    device: Id,
    bed: Id,
    start: Instant,
    end: Instant.nullable(),
  })
  .meta({ id: 'Assignment' });
export type Assignment = z.infer<typeof Assignment>;

export const NewAssignment = z.strictObject({ device: Id, bed: Id, start: Time.optional() });

/** Fields that are left out stay as they are. */
export const AssignmentChange = z.strictObject({ device: Id, bed: Id, start: Time, end: Time.nullable() }).partial();
