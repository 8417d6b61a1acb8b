import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { INACTIVATION, NewInactivation, OxygenRecord } from '#contracts/http/alarm-actions.ts';
import type { AlarmDesk, AskedAction } from '#contracts/ports/alarm-desk.ts';
import { ActionRefusedError } from '#domain/alarms/actions.ts';
import { actorOf } from '../http/identity.ts';
import { invalid, notFound } from '../http/problems.ts';
import type { ApiApp, RouteDeps } from '../http/route.ts';
import { ByAlarm, ById, writeErrors } from '../http/schemas.ts';

const tags = ['Alarms'];

const done = { 204: z.undefined().describe('Done: it is stored, and screens have been told'), ...writeErrors } as const;

type Unsigned<Action> = Action extends unknown ? Omit<Action, 'by'> : never;

type Deps = Pick<RouteDeps, 'alarms' | 'clock'>;

const asked = async (work: Promise<void>): Promise<void> => {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof ActionRefusedError)) throw error;
    throw (error.reason === 'not-found' ? notFound : invalid)(error.message);
  }
};

const act = (
  alarms: AlarmDesk,
  request: FastifyRequest,
  bed: string | null,
  action: Unsigned<AskedAction>,
): Promise<void> => asked(alarms.act(bed, { ...action, by: actorOf(request) }));

const bedOfAlarm = async (alarms: AlarmDesk, id: string): Promise<string | null> => {
  const bed = await alarms.bedOf(id);
  if (bed === undefined) throw notFound(`there is no alarm ${id} now`);
  return bed;
};

const requireBed = async (alarms: AlarmDesk, id: string): Promise<string> => {
  if (!(await alarms.config(id))) throw notFound(`there is no bed ${id}`);
  return id;
};

const acknowledgeRoute = (app: ApiApp, { alarms }: Deps): void => {
  app.post(
    '/alarms/:id/acknowledge',
    { schema: { tags, summary: 'Acknowledge an alarm: somebody has seen it', params: ByAlarm, response: done } },
    async (request, reply) => {
      const { id } = request.params;
      await act(alarms, request, await bedOfAlarm(alarms, id), { type: 'acknowledge', alarm: id });
      return reply.code(204).send();
    },
  );
};

const resetRoute = (app: ApiApp, { alarms }: Deps): void => {
  app.post(
    '/alarms/:id/reset',
    { schema: { tags, summary: 'End an alarm that is latched', params: ByAlarm, response: done } },
    async (request, reply) => {
      const { id } = request.params;
      await act(alarms, request, await bedOfAlarm(alarms, id), { type: 'reset', alarm: id });
      return reply.code(204).send();
    },
  );
};

const resetBedRoute = (app: ApiApp, { alarms }: Deps): void => {
  app.post(
    '/beds/:id/alarms/reset',
    { schema: { tags, summary: 'End all alarms of a bed that are latched', params: ById, response: done } },
    async (request, reply) => {
      await act(alarms, request, await requireBed(alarms, request.params.id), { type: 'reset', alarm: null });
      return reply.code(204).send();
    },
  );
};

const inactivateRoute = (app: ApiApp, { alarms, clock }: Deps): void => {
  app.post(
    '/beds/:id/inactivations',
    {
      schema: {
        tags,
        summary: 'Pause the sound of alarms, pause alarms, switch one off, or set standby',
        description:
          'A pause lasts `durationMs`. What is off is off until it is deleted; only limits can be. Standby is of a bed whose device ' +
          'is off on purpose: no data is missed until it comes again.',
        params: ById,
        body: NewInactivation,
        response: done,
      },
    },
    async (request, reply) => {
      const { what, kind, durationMs } = request.body;
      const until = durationMs === undefined ? null : clock.now() + durationMs;
      await act(alarms, request, await requireBed(alarms, request.params.id), {
        type: 'inactivate',
        what,
        kind,
        until,
      });
      return reply.code(204).send();
    },
  );
};

const oxygenRoute = (app: ApiApp, { alarms }: Deps): void => {
  app.put(
    '/beds/:id/oxygen',
    {
      schema: {
        tags,
        summary: 'Record that the patient breathes room air, or no longer',
        description:
          'Of a newborn, the high limit of SpO₂ is off while this is recorded or a live FiO₂ is at most 21 %. It ends with the stay.',
        params: ById,
        body: OxygenRecord,
        response: done,
      },
    },
    async (request, reply) => {
      const { roomAir } = request.body;
      await asked(alarms.recordOxygen(await requireBed(alarms, request.params.id), { by: actorOf(request), roomAir }));
      return reply.code(204).send();
    },
  );
};

const reactivateRoute = (app: ApiApp, { alarms }: Deps): void => {
  app.delete(
    '/beds/:id/inactivations',
    {
      schema: {
        tags,
        summary: 'End a pause, or switch an alarm on again',
        params: ById,
        querystring: z.object({ what: INACTIVATION.what, kind: INACTIVATION.kind.optional() }),
        response: done,
      },
    },
    async (request, reply) => {
      const { what, kind = null } = request.query;
      await act(alarms, request, await requireBed(alarms, request.params.id), { type: 'reactivate', what, kind });
      return reply.code(204).send();
    },
  );
};

/** What people do about alarms. All of it works with the database away: the record of the alarm names who did it. */
export const alarmActionRoutes = (app: ApiApp, deps: Deps): void => {
  acknowledgeRoute(app, deps);
  resetRoute(app, deps);
  resetBedRoute(app, deps);
  inactivateRoute(app, deps);
  oxygenRoute(app, deps);
  reactivateRoute(app, deps);
};
