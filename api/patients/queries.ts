import type { Patient } from '#contracts/http/patients.ts';
import { type Queryable, query } from '../database/query.ts';
import { notFound } from '../http/problems.ts';

const COLUMNS = `
  id, mrn, name, to_char(birth_date, 'YYYY-MM-DD') as "birthDate", sex, age_group as "ageGroup"`;

export const PATIENTS_AT_ONCE = 500;

/** The newest first. `search` is a part of the name or of the record number. */
export const listPatients = (database: Queryable, { search }: { search?: string | undefined }): Promise<Patient[]> =>
  query(
    database,
    `select ${COLUMNS} from patients
     where $1::text is null or position(lower($1) in lower(name)) > 0 or position(lower($1) in lower(mrn)) > 0
     order by id desc limit ${PATIENTS_AT_ONCE}`,
    [search ?? null],
  );

export const readPatient = async (database: Queryable, id: number): Promise<Patient> =>
  one(id, await query<Patient>(database, `select ${COLUMNS} from patients where id = $1`, [id]));

export const createPatient = async (database: Queryable, patient: Omit<Patient, 'id'>): Promise<Patient> => {
  const rows = await query<Patient>(
    database,
    `insert into patients (mrn, name, birth_date, sex, age_group) values ($1, $2, $3, $4, $5) returning ${COLUMNS}`,
    [patient.mrn, patient.name, patient.birthDate, patient.sex, patient.ageGroup],
  );
  return one('new', rows);
};

/** Replaces all but the id. */
export const putPatient = async (database: Queryable, patient: Patient): Promise<Patient> => {
  const rows = await query<Patient>(
    database,
    `update patients set mrn = $2, name = $3, birth_date = $4, sex = $5, age_group = $6
     where id = $1 returning ${COLUMNS}`,
    [patient.id, patient.mrn, patient.name, patient.birthDate, patient.sex, patient.ageGroup],
  );
  return one(patient.id, rows);
};

const MOVING_WITHIN = '1 day';

/** Whether the patient was in another bed until this stay, or the day before it: then it is no admission. */
export const isMoving = async (
  database: Queryable,
  { patient, start }: { patient: number; start: string },
): Promise<boolean> => {
  const [stay] = await query(
    database,
    `select id from encounters
     where patient_id = $1 and started_at <= $2::timestamptz
       and (ended_at is null or ended_at > $2::timestamptz - interval '${MOVING_WITHIN}')
     limit 1`,
    [patient, start],
  );
  return stay !== undefined;
};

const one = (id: number | string, [patient]: readonly Patient[]): Patient => {
  if (!patient) throw notFound(`there is no patient ${id}`);
  return patient;
};
