import { z } from 'zod';
import { Id } from '#domain/id.ts';
import { RowNumber } from './fields.ts';
import { Instant, Time } from './time.ts';

/** A patient in a bed, from and until; `end` null: still there. */
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

/** What is left out stays as it is. */
export const EncounterChange = z
  .strictObject({ patient: RowNumber, bed: Id, start: Time, end: Time.nullable() })
  .partial();
