import { z } from 'zod';
import { Id } from '#domain/id.ts';
import { Name } from './fields.ts';

export const Unit = z.object({ id: Id, name: Name }).meta({ id: 'Unit' });
export type Unit = z.infer<typeof Unit>;

/** What `PUT /units/{id}` is sent. */
export const UnitFields = z.strictObject({ name: Name });
