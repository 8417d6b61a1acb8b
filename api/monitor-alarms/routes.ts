import { z } from 'zod';
import { AlarmId } from '#contracts/http/alarms.ts';
import { MonitorAlarmHistory, MonitorAlarmPage } from '#contracts/http/monitor-alarms.ts';
import { Time } from '#contracts/http/time.ts';
import { PRIORITIES } from '#domain/alarms/names.ts';
import { Id } from '#domain/id.ts';
import type { ApiApp, RouteDeps } from '../http/route.ts';
import { ByAlarm, Flag, findErrors, listOf, readErrors } from '../http/schemas.ts';
import { listMonitorAlarms, readMonitorHistory } from './queries.ts';

const tags = ['Alarms'];

type Deps = Pick<RouteDeps, 'database'>;

/** Alarms that monitors reported, from the database. Those that are open now are with the station's, in `alarms/active`. */
export const monitorAlarmRoutes = (app: ApiApp, { database }: Deps): void => {
  app.get(
    '/monitor-alarms',
    {
      schema: {
        tags,
        summary: 'Alarms that monitors reported, the newest first, a page at a time',
        querystring: z.object({
          unit: Id.optional(),
          bed: Id.optional(),
          device: Id.optional(),
          from: Time.optional().describe('heard of at this time or later'),
          to: Time.optional().describe('heard of before'),
          priority: listOf(PRIORITIES),
          open: Flag.optional(),
          limit: z.coerce.number().int().min(1).max(1_000).default(100),
          before: AlarmId.optional().describe('`next` of the page before'),
        }),
        response: { 200: MonitorAlarmPage, ...readErrors },
      },
    },
    ({ query: { priority, ...filter } }) => listMonitorAlarms(database, { ...filter, priorities: priority }),
  );
  app.get(
    '/monitor-alarms/:id',
    {
      schema: {
        tags,
        summary: 'One alarm that a monitor reported, with all that happened to it',
        params: ByAlarm,
        response: { 200: MonitorAlarmHistory, ...findErrors },
      },
    },
    (request) => readMonitorHistory(database, request.params.id),
  );
};
