import { z } from 'zod';
import { KnownPatient, NewPatient, type Patient, PatientChange } from '#contracts/http/patients.ts';
import { ageGroupProposed } from '#domain/age.ts';
import { refuseSettingsMismatch } from '../alarm-settings/rules.ts';
import { changed } from '../database/changed.ts';
import type { ApiApp, RouteDeps } from '../http/route.ts';
import { ByNumber, findErrors, readErrors, writeErrors } from '../http/schemas.ts';
import { ageGroupAtFirst, refuseBirthDate, refuseContradiction } from './age-groups.ts';
import { createPatient, listPatients, putPatient, readPatient } from './queries.ts';

const tags = ['Registry'];

type Deps = Pick<RouteDeps, 'database' | 'clock' | 'write'>;

const known = (patient: Patient, nowMs: number): KnownPatient => ({
  ...patient,
  ageGroupProposed: ageGroupProposed(patient, nowMs),
});

const listRoute = (app: ApiApp, { database, clock }: Deps): void => {
  app.get(
    '/patients',
    {
      schema: {
        tags,
        summary: 'Patients, the newest first, or those whose name or record number contains a text',
        querystring: z.object({ search: z.string().trim().min(1).max(200).optional() }),
        response: { 200: z.array(KnownPatient), ...readErrors },
      },
    },
    async (request) => (await listPatients(database, request.query)).map((patient) => known(patient, clock.now())),
  );
};

const readRoute = (app: ApiApp, { database, clock }: Deps): void => {
  app.get(
    '/patients/:id',
    { schema: { tags, summary: 'One patient', params: ByNumber, response: { 200: KnownPatient, ...findErrors } } },
    async (request) => known(await readPatient(database, request.params.id), clock.now()),
  );
};

const addRoute = (app: ApiApp, { clock, write }: Deps): void => {
  app.post(
    '/patients',
    { schema: { tags, summary: 'Add a patient', body: NewPatient, response: { 201: KnownPatient, ...writeErrors } } },
    async (request, reply) => {
      const patient = { ...request.body, ageGroup: ageGroupAtFirst(request.body, clock.now()) };
      const created = await write(request, 'patient:create', async (client) => {
        const result = await createPatient(client, patient);
        return { subject: String(result.id), detail: patient, result: known(result, clock.now()) };
      });
      return reply.code(201).send(created);
    },
  );
};

const changeRoute = (app: ApiApp, { clock, write }: Deps): void => {
  app.patch(
    '/patients/:id',
    {
      schema: {
        tags,
        summary: 'Change what is known of a patient',
        description:
          'A corrected date of birth changes no limits: see ageGroupProposed, and send ageGroup to confirm it.',
        params: ByNumber,
        body: PatientChange,
        response: { 200: KnownPatient, ...writeErrors },
      },
    },
    (request) =>
      write(request, 'patient:change', async (client) => {
        const present = await readPatient(client, request.params.id);
        const { birthDate, ageGroup } = request.body;
        const next = changed(present, request.body);
        if (birthDate !== present.birthDate) refuseBirthDate(birthDate, clock.now());
        const isOther = next.birthDate !== present.birthDate || next.ageGroup !== present.ageGroup;
        // A corrected date of birth only proposes another group: limits never change without a person who says so.
        if (ageGroup !== undefined && isOther) refuseContradiction(next, clock.now());
        const result = await putPatient(client, next);
        if (result.ageGroup !== present.ageGroup) await refuseSettingsMismatch(client, { patient: result.id });
        return { subject: String(result.id), detail: request.body, result: known(result, clock.now()) };
      }),
  );
};

export const patientRoutes = (app: ApiApp, deps: Deps): void => {
  listRoute(app, deps);
  readRoute(app, deps);
  addRoute(app, deps);
  changeRoute(app, deps);
};
