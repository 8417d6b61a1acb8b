import { errorCode } from '#platform/errors.ts';
import { conflict, invalid, notFound, ProblemError } from '../http/problems.ts';

/** SQLSTATE codes (PostgreSQL, appendix A) that say what the caller did. */
const CALLER_FAULTS: Readonly<Record<string, (constraint: string) => ProblemError>> = {
  22021: () => invalid('a text holds a character that cannot be stored'),
  22003: () => invalid('a number is too large to be stored'),
  22007: () => invalid('a time cannot be stored'),
  22008: () => invalid('a time is out of range'),
  22009: () => invalid('the zone of a time is out of range'),
  22026: () => invalid('a text has the wrong length'),
  '22P02': () => invalid('a value is not of its type'),
  '22P05': () => invalid('a text holds a character that cannot be stored'),
  23503: (constraint) => notFound(`it names ${MISSING[constraint] ?? 'something'} that does not exist`),
  23505: (constraint) => conflict(TAKEN[constraint] ?? 'there is one like it already'),
  23514: () => invalid('the end must be after the start'),
};

const MISSING: Readonly<Record<string, string>> = {
  beds_unit_id_fkey: 'a unit',
  devices_unit_id_fkey: 'a unit',
  gateways_unit_id_fkey: 'a unit',
  encounters_patient_id_fkey: 'a patient',
  encounters_bed_id_fkey: 'a bed',
  device_assignments_device_id_fkey: 'a device',
  device_assignments_bed_id_fkey: 'a bed',
};

const TAKEN: Readonly<Record<string, string>> = {
  devices_pkey: 'there is a device with this id already',
  gateways_pkey: 'there is a gateway with this id already',
  mqtt_names_once: 'there is a device or a gateway with this id already',
  patients_mrn_key: 'there is a patient with this record number already',
  encounters_one_open_a_bed: 'there is a patient in this bed already: end that encounter first',
  encounters_one_open_a_patient: 'this patient is in a bed already: end that encounter first',
  device_assignments_one_open_a_device: 'this device is at a bed already: end that assignment first',
};

/**
 * Statements that failed for a reason of their own, and not because the database is away. All other errors count as
 * "away": connection errors of Node and of the pool come in too many shapes to list.
 */
const OUR_FAULTS = /^(2[0-4]|34|38|39|42(?!P01)|44|P0|XX)/;

/** What failed in the database, as the caller should know it; all else as it is. */
export const toProblem = (error: unknown): unknown => {
  const code = errorCode(error) ?? '';
  const fault = CALLER_FAULTS[code];
  if (fault) return Object.assign(fault(constraintOf(error)), { cause: error });
  if (error instanceof TypeError || (code.length === 5 && OUR_FAULTS.test(code))) return error;
  return new ProblemError(503, 'database-away', 'the database does not answer; live screens are not affected', {
    cause: error,
    headers: { 'retry-after': '5' },
  });
};

/** True of an error after which the connection is good for nothing, not even for a rollback. */
export const isAway = (error: unknown): boolean => error instanceof ProblemError && error.kind === 'database-away';

const constraintOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'constraint' in error ? String(error.constraint) : '';
