import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Patient } from '#domain/entities.ts';
import type { Database } from '#platform/database.ts';
import { refuseSettingsMismatch } from '../alarm-settings.ts';
import { createPatient, listPatients, putPatient, readPatient } from '../queries/patients.ts';
import type { RegistryWriter } from '../registry-writer.ts';
import { changed } from './changed.ts';
import { ByNumber, findErrors, readErrors, writeErrors } from './schemas.ts';

const NewPatient = Patient.omit({ id: true })
  .extend({
    mrn: Patient.shape.mrn.default(null),
    birthDate: Patient.shape.birthDate.default(null),
    sex: Patient.shape.sex.default('unknown'),
    ageGroup: Patient.shape.ageGroup.default('adult'),
  })
  .strict();

const tags = ['Registry'];

export const patientRoutes =
  ({ database, write }: { database: Database; write: RegistryWriter }): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/patients',
      {
        schema: {
          tags,
          summary: 'Patients, the newest first, or those whose name or record number contains a text',
          querystring: z.object({ search: z.string().trim().min(1).max(200).optional() }),
          response: { 200: z.array(Patient), ...readErrors },
        },
      },
      (request) => listPatients(database, request.query),
    );

    app.get(
      '/patients/:id',
      { schema: { tags, summary: 'One patient', params: ByNumber, response: { 200: Patient, ...findErrors } } },
      (request) => readPatient(database, request.params.id),
    );

    app.post(
      '/patients',
      { schema: { tags, summary: 'Add a patient', body: NewPatient, response: { 201: Patient, ...writeErrors } } },
      async (request, reply) => {
        const patient = await write(request, 'patient:create', async (client) => {
          const result = await createPatient(client, request.body);
          return { subject: String(result.id), detail: request.body, result };
        });
        return reply.code(201).send(patient);
      },
    );

    app.patch(
      '/patients/:id',
      {
        schema: {
          tags,
          summary: 'Change what is known of a patient',
          params: ByNumber,
          body: Patient.omit({ id: true }).partial().strict(),
          response: { 200: Patient, ...writeErrors },
        },
      },
      (request) =>
        write(request, 'patient:change', async (client) => {
          const present = await readPatient(client, request.params.id);
          const result = await putPatient(client, changed(present, request.body));
          if (result.ageGroup !== present.ageGroup) await refuseSettingsMismatch(client, { patient: result.id });
          return { subject: String(result.id), detail: request.body, result };
        }),
    );
  };
