import { z } from 'zod';
import { Id } from '#domain/id.ts';
import { Name } from './fields.ts';

export const Bed = z.object({ id: Id, unit: Id, label: Name }).meta({ id: 'Bed' });
export type Bed = z.infer<typeof Bed>;

/** The body of `PUT /beds/{id}`. */
export const BedFields = z.strictObject({ unit: Id, label: Name });
