import { z } from 'zod';
import { AgeGroupSchema } from '#domain/age-group.ts';
import { Name } from './fields.ts';

const FIELDS = {
  /** Medical record number, unique in the hospital. */
  mrn: z.string().trim().min(1).max(64).nullable(),
  name: Name,
  birthDate: z.iso.date().nullable(),
  sex: z.enum(['female', 'male', 'other', 'unknown']),
  ageGroup: AgeGroupSchema,
} as const;

export const Patient = z.object({ id: z.int().positive(), ...FIELDS }).meta({ id: 'Patient' });
export type Patient = z.infer<typeof Patient>;

/** A patient as the API returns it. */
export const KnownPatient = Patient.extend({
  ageGroupProposed: AgeGroupSchema.nullable().describe('what the date of birth speaks for, where that is another one'),
}).meta({ id: 'KnownPatient' });
export type KnownPatient = z.infer<typeof KnownPatient>;

export const NewPatient = z.strictObject({
  ...FIELDS,
  mrn: FIELDS.mrn.default(null),
  birthDate: FIELDS.birthDate.default(null),
  sex: FIELDS.sex.default('unknown'),
  ageGroup: FIELDS.ageGroup.optional().describe('default: by the date of birth, or else adult'),
});

/** Fields that are left out stay as they are. */
export const PatientChange = z.strictObject(FIELDS).partial();
