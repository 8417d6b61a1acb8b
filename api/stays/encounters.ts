import { z } from 'zod';
import { Encounter, EncounterChange, NewEncounter, Transfer } from '#contracts/http/encounters.ts';
import { Id } from '#domain/id.ts';
import { refuseSettingsMismatch } from '../alarm-settings/rules.ts';
import { changed } from '../database/changed.ts';
import type { ApiApp, RouteDeps } from '../http/route.ts';
import { ByNumber, Flag, readErrors, writeErrors } from '../http/schemas.ts';
import { decideAgeGroup } from '../patients/age-groups.ts';
import { createStay, listStays, putStay, readStay, STAYS, type Stay } from './queries.ts';
import { transfer } from './transfer.ts';

const kind = STAYS.encounters;

const toEncounter = ({ id, guest, bed, start, end }: Stay<number>): Encounter => ({
  id,
  patient: guest,
  bed,
  start: Date.parse(start),
  end: end === null ? null : Date.parse(end),
});

const tags = ['Registry'];

type Deps = Pick<RouteDeps, 'database' | 'clock' | 'write'>;

const listRoute = (app: ApiApp, { database }: Deps): void => {
  app.get(
    '/encounters',
    {
      schema: {
        tags,
        summary: 'Which patient was in which bed when, the newest first',
        querystring: z.object({
          patient: ByNumber.shape.id.optional(),
          bed: Id.optional(),
          open: Flag.optional(),
        }),
        response: { 200: z.array(Encounter), ...readErrors },
      },
    },
    async ({ query: { patient, bed, open } }) =>
      (await listStays<number>(database, kind, { guest: patient, bed, open })).map(toEncounter),
  );
};

const beginRoute = (app: ApiApp, { clock, write }: Deps): void => {
  app.post(
    '/encounters',
    {
      schema: {
        tags,
        summary: 'Put a patient into a bed, from now or from a time on',
        description: 'At an admission the date of birth decides the age group; who moves from bed to bed keeps theirs.',
        body: NewEncounter,
        response: { 201: Encounter, ...writeErrors },
      },
    },
    async (request, reply) => {
      const { patient, bed, start = new Date(clock.now()).toISOString() } = request.body;
      const encounter = await write(request, 'encounter:create', async (client) => {
        const ageGroup = await decideAgeGroup(client, { patient, start }, clock.now());
        const stay = await createStay(client, kind, { guest: patient, bed, start, end: null });
        const detail = { ...request.body, ...(ageGroup === null ? {} : { ageGroup }) };
        return { subject: String(stay.id), detail, result: toEncounter(stay) };
      });
      return reply.code(201).send(encounter);
    },
  );
};

const changeRoute = (app: ApiApp, { write }: Deps): void => {
  app.patch(
    '/encounters/:id',
    {
      schema: {
        tags,
        summary: 'End an encounter, or correct it',
        params: ByNumber,
        body: EncounterChange,
        response: { 200: Encounter, ...writeErrors },
      },
    },
    (request) =>
      write(request, 'encounter:change', async (client) => {
        const { patient, ...change } = request.body;
        const present = await readStay<number>(client, kind, request.params.id);
        const stay = await putStay(client, kind, present, changed(present, { ...change, guest: patient }));
        await refuseSettingsMismatch(client, { encounter: stay.id });
        return { subject: String(stay.id), detail: request.body, result: toEncounter(stay) };
      }),
  );
};

const transferRoute = (app: ApiApp, { clock, write }: Deps): void => {
  app.post(
    '/encounters/:id/transfer',
    {
      schema: {
        tags,
        summary: 'Move a patient to another bed, with the devices that come along, in one step',
        params: ByNumber,
        body: Transfer,
        response: { 201: Encounter, ...writeErrors },
      },
    },
    async (request, reply) => {
      const { bed, devices, at = new Date(clock.now()).toISOString() } = request.body;
      const encounter = await write(request, 'encounter:transfer', async (client) => {
        const stay = await transfer(client, { id: request.params.id, bed, devices, at });
        return {
          subject: String(stay.id),
          detail: { from: request.params.id, ...request.body },
          result: toEncounter(stay),
        };
      });
      return reply.code(201).send(encounter);
    },
  );
};

export const encounterRoutes = (app: ApiApp, deps: Deps): void => {
  listRoute(app, deps);
  beginRoute(app, deps);
  changeRoute(app, deps);
  transferRoute(app, deps);
};
