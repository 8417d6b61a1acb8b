import type { Patient } from '#contracts/http/patients.ts';
import { ageGroupOf, ageGroupProposed, birthDateProblem } from '#domain/age.ts';
import type { AgeGroup } from '#domain/vitals.ts';
import type { Queryable } from '../database/query.ts';
import { invalidBecause } from '../http/problems.ts';
import { isMoving, putPatient, readPatient } from './queries.ts';

/**
 * The date of birth decides the age group, and with it the alarm limits, when a patient is registered and when one is
 * admitted. After that only a person changes it: limits must not change by themselves without the knowledge of those
 * who watch the patient.
 */

type Known = Pick<Patient, 'birthDate' | 'ageGroup'>;

const WHY = {
  future: 'is in the future',
  'too-long-ago': 'is longer ago than anybody has lived',
} as const;

/** Rejects with 400 when the date of birth is impossible. */
export const refuseBirthDate = (birthDate: string | null | undefined, nowMs: number): void => {
  const problem = birthDate ? birthDateProblem(birthDate, nowMs) : undefined;
  if (problem)
    throw invalidBecause('the date of birth cannot be right', '/birthDate', [`${birthDate} ${WHY[problem]}`]);
};

/** Rejects with 400 when the age group contradicts the date of birth. */
export const refuseContradiction = (patient: Known, nowMs: number): void => {
  const byBirth = ageGroupProposed(patient, nowMs);
  if (byBirth === null) return;
  const why = `who was born on ${patient.birthDate} is ${byBirth}, not ${patient.ageGroup}`;
  throw invalidBecause('age group and date of birth contradict each other', '/ageGroup', [why]);
};

/** The group of a patient who is being registered: the one that was named, or by the date of birth, or else the adult's. */
export const ageGroupAtFirst = (
  { birthDate, ageGroup }: { birthDate: string | null; ageGroup?: AgeGroup | undefined },
  nowMs: number,
): AgeGroup => {
  refuseBirthDate(birthDate, nowMs);
  const group = ageGroup ?? (birthDate === null ? 'adult' : ageGroupOf(birthDate, nowMs));
  refuseContradiction({ birthDate, ageGroup: group }, nowMs);
  return group;
};

/**
 * Must be called before a stay begins, within its transaction. Resolves with the age group that was set by it, if any.
 * A patient who only moves from bed to bed keeps the age group.
 */
export const decideAgeGroup = async (
  client: Queryable,
  { patient: id, start }: { patient: number; start: string },
  nowMs: number,
): Promise<AgeGroup | null> => {
  const patient = await readPatient(client, id);
  const decided = ageGroupProposed(patient, nowMs);
  if (decided === null || (await isMoving(client, { patient: id, start }))) return null;
  await putPatient(client, { ...patient, ageGroup: decided });
  return decided;
};
