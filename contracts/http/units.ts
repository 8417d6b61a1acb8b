import { z } from 'zod';
import { Id } from '#domain/id.ts';
import { Name } from './fields.ts';

export const Unit = z.object({ id: Id, name: Name }).meta({ id: 'Unit' });
export type Unit = z.infer<typeof Unit>;

/** The body of `PUT /units/{id}`. */
export const UnitFields = z.strictObject({ name: Name });
