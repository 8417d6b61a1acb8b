import { z } from 'zod';
import { ActiveAlarms } from '#contracts/http/active-alarms.ts';
import { AlarmHistory, AlarmId, AlarmPage } from '#contracts/http/alarms.ts';
import { Time } from '#contracts/http/time.ts';
import { CONDITION_IDS, PRIORITIES } from '#domain/alarms/conditions.ts';
import { Id } from '#domain/id.ts';
import { notFound } from '../http/problems.ts';
import type { ApiApp, RouteDeps } from '../http/route.ts';
import { ByAlarm, Flag, findErrors, listOf, readErrors } from '../http/schemas.ts';
import { listAlarms, readAlarm } from './queries.ts';

const tags = ['Alarms'];

type Deps = Pick<RouteDeps, 'database' | 'alarms' | 'feed'>;

const activeRoute = (app: ApiApp, { alarms, feed }: Deps): void => {
  app.get(
    '/alarms/active',
    {
      schema: {
        tags,
        summary: 'Alarms and inactivations as they now are, of a unit or of all; also with the database away',
        description: 'As in the live frames, times in epoch milliseconds. To be asked after a broken connection.',
        querystring: z.object({ unit: Id.optional() }),
        response: { 200: ActiveAlarms, ...findErrors },
      },
    },
    async ({ query: { unit } }) => {
      const isKnown = unit === undefined || (await feed.units()).some(({ id }) => id === unit);
      if (!isKnown) throw notFound(`there is no unit ${unit}`);
      const { beds, station } = await alarms.active(unit);
      return {
        beds: beds.map(({ monitorAlarms = [], ...bed }) => ({
          ...bed,
          alarms: [...bed.alarms],
          inactivations: [...bed.inactivations],
          ...(monitorAlarms.length > 0 && { monitorAlarms: [...monitorAlarms] }),
        })),
        station: [...station],
      };
    },
  );
};

const listRoute = (app: ApiApp, { database }: Deps): void => {
  app.get(
    '/alarms',
    {
      schema: {
        tags,
        summary: 'Alarms as they were, the newest first, a page at a time',
        querystring: z.object({
          unit: Id.optional(),
          bed: Id.optional(),
          from: Time.optional().describe('decided at this time or later'),
          to: Time.optional().describe('decided before'),
          priority: listOf(PRIORITIES),
          kind: z.string().max(100).optional(),
          condition: z.enum(CONDITION_IDS).optional(),
          type: z.enum(['physiological', 'technical']).optional(),
          open: Flag.optional(),
          late: Flag.optional().describe('true: only those decided afterwards, from late data; false: none of them'),
          limit: z.coerce.number().int().min(1).max(1_000).default(100),
          before: AlarmId.optional().describe('`next` of the page before'),
        }),
        response: { 200: AlarmPage, ...readErrors },
      },
    },
    ({ query: { priority, ...filter } }) => listAlarms(database, { ...filter, priorities: priority }),
  );
};

const readRoute = (app: ApiApp, { database }: Deps): void => {
  app.get(
    '/alarms/:id',
    {
      schema: {
        tags,
        summary: 'One alarm with all that happened to it',
        description: '`events` are as they were announced, times in epoch milliseconds.',
        params: ByAlarm,
        response: { 200: AlarmHistory, ...findErrors },
      },
    },
    (request) => readAlarm(database, request.params.id),
  );
};

/** The alarms there are, from memory, and those there were, from the database. */
export const alarmRoutes = (app: ApiApp, deps: Deps): void => {
  activeRoute(app, deps);
  listRoute(app, deps);
  readRoute(app, deps);
};
