import { z } from 'zod';
import { Id } from '#domain/id.ts';
import { RowNumber } from './fields.ts';
import { Instant, Time } from './time.ts';

/** A patient in a bed, from `start` to `end`; `end` null: the patient is still there. */
export const Encounter = z
  .object({
    id: z.int().positive(),
    patient: z.int().positive(),
    bed: Id,
    start: Instant,
    end: Instant.nullable(),
  })
  .meta({ id: 'Encounter' });
export type Encounter = z.infer<typeof Encounter>;

export const NewEncounter = z.strictObject({ patient: RowNumber, bed: Id, start: Time.optional() });

/** A patient moves to another bed, and the devices named come along. */
export const Transfer = z.strictObject({
  bed: Id,
  devices: z.array(Id).max(32).default([]).describe('devices at the present bed that come along'),
  at: Time.optional(),
});

/** Fields that are left out stay as they are. */
export const EncounterChange = z
  .strictObject({ patient: RowNumber, bed: Id, start: Time, end: Time.nullable() })
  .partial();
