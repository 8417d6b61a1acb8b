import { z } from 'zod';
import { AgeGroupSchema } from '#domain/age-group.ts';
import { Id } from '#domain/id.ts';
import { MAX_INTERVAL_MS, MIN_INTERVAL_MS } from '#domain/interval.ts';

/** The things a ward is made of, as the API and the screens see them. Times are ISO 8601 in UTC. */

const Name = z.string().trim().min(1).max(200);
const Timestamp = z.iso.datetime({ offset: true });

export const Unit = z.object({ id: Id, name: Name });
export type Unit = z.infer<typeof Unit>;

export const Bed = z.object({ id: Id, unit: Id, label: Name });
export type Bed = z.infer<typeof Bed>;

export const Device = z.object({
  id: Id,
  unit: Id,
  model: z.string().max(128).nullable(),
  firmware: z.string().max(128).nullable(),
  /** How far apart its messages are expected to be; null: it sends continuously. */
  intervalMs: z.int().min(MIN_INTERVAL_MS).max(MAX_INTERVAL_MS).nullable(),
});
export type Device = z.infer<typeof Device>;

export const Patient = z.object({
  id: z.int().positive(),
  /** Medical record number, unique in the hospital. */
  mrn: z.string().trim().min(1).max(64).nullable(),
  name: Name,
  birthDate: z.iso.date().nullable(),
  sex: z.enum(['female', 'male', 'other', 'unknown']),
  ageGroup: AgeGroupSchema,
});
export type Patient = z.infer<typeof Patient>;

/** A patient in a bed, from and until. */
export const Encounter = z.object({
  id: z.int().positive(),
  patient: z.int().positive(),
  bed: Id,
  start: Timestamp,
  end: Timestamp.nullable(),
});
export type Encounter = z.infer<typeof Encounter>;

/** A device at a bed, from and until. */
export const Assignment = z.object({
  id: z.int().positive(),
  device: Id,
  bed: Id,
  start: Timestamp,
  end: Timestamp.nullable(),
});
export type Assignment = z.infer<typeof Assignment>;
