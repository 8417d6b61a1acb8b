import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AlarmSettings, PresetChange, Presets, SettingsChange } from '#contracts/http/alarm-settings.ts';
import { AgeGroupSchema } from '#domain/age-group.ts';
import { AlarmConfig, PRESETS } from '#domain/alarms/settings.ts';
import { Id } from '#domain/id.ts';
import type { RegistryWriter } from '../database/registry-writer.ts';
import { actorOf } from '../http/identity.ts';
import { invalid, notFound } from '../http/problems.ts';
import type { ApiApp, RouteDeps } from '../http/route.ts';
import { ById, ByNumber, findErrors, matchErrors, readErrors } from '../http/schemas.ts';
import { requireUnit } from '../units/queries.ts';
import { readPresetChange } from './preset-change.ts';
import { listSettings, readSettings, type SettingsScope } from './queries.ts';
import { putAlarmSettings, settingsTag } from './rules.ts';
import { readSettingsStay } from './settings-stays.ts';

const tags = ['Alarm settings'];

const ByAgeGroup = ById.extend({ ageGroup: AgeGroupSchema });

const IF_MATCH =
  'The ETag of what was read may be told in `If-Match`: 412 when something has changed since. Without it the last to write wins.';

const NOTHING = { version: null, overrides: {}, reason: null, author: null, createdAt: null } as const;

/** The name of a scope in the audit log. */
const nameOf = (scope: SettingsScope): string =>
  'encounter' in scope ? `encounter:${scope.encounter}` : `unit:${scope.unit}:${scope.ageGroup}`;

type Deps = Pick<RouteDeps, 'database' | 'alarms' | 'write'>;

const put = (write: RegistryWriter, request: FastifyRequest, scope: SettingsScope, change: SettingsChange) =>
  write(request, 'alarm-settings:put', async (client) => {
    const ifMatch = request.headers['if-match'];
    const result = await putAlarmSettings(client, scope, { ...change, author: actorOf(request) }, ifMatch);
    return { subject: nameOf(scope), detail: { version: result.version, ...change }, result };
  });

const presetsRoute = (app: ApiApp): void => {
  app.get(
    '/alarm-settings/presets',
    {
      schema: {
        tags,
        summary: 'The presets by age group',
        response: { 200: Presets, ...readErrors },
      },
    },
    async () => PRESETS,
  );
};

const inForceRoute = (app: ApiApp, { alarms }: Deps): void => {
  app.get(
    '/beds/:id/alarm-settings',
    {
      schema: {
        tags,
        summary: 'The settings in force at a bed now, with their version; also with the database away',
        params: ById,
        response: { 200: AlarmConfig, ...findErrors },
      },
    },
    async ({ params: { id } }) => {
      const config = await alarms.config(id);
      if (!config) throw notFound(`there is no bed ${id}`);
      return config;
    },
  );
};

const presetChangeRoute = (app: ApiApp, { database, alarms }: Deps): void => {
  app.get(
    '/beds/:id/preset-change',
    {
      schema: {
        tags,
        summary: 'What the last update of the station that brought other presets has changed at a bed; null: none did',
        params: ById,
        response: { 200: PresetChange, ...findErrors },
      },
    },
    async ({ params: { id } }) => {
      if (!(await alarms.config(id))) throw notFound(`there is no bed ${id}`);
      return (await readPresetChange(database, id)) ?? null;
    },
  );
};

const readUnitRoute = (app: ApiApp, { database }: Deps): void => {
  app.get(
    '/units/:id/alarm-settings/:ageGroup',
    {
      schema: {
        tags,
        summary: 'What a unit has set over the preset of an age group',
        params: ByAgeGroup,
        response: { 200: AlarmSettings, ...findErrors },
      },
    },
    async ({ params: { id: unit, ageGroup } }, reply) => {
      await requireUnit(database, unit);
      reply.header('etag', await settingsTag(database, { unit, ageGroup }));
      return (await readSettings(database, { unit, ageGroup })) ?? { ...NOTHING, unit, ageGroup, encounter: null };
    },
  );
};

const putUnitRoute = (app: ApiApp, { write }: Deps): void => {
  app.put(
    '/units/:id/alarm-settings/:ageGroup',
    {
      schema: {
        tags,
        summary: 'Set what a unit has other than the preset of an age group',
        params: ByAgeGroup,
        description: IF_MATCH,
        body: SettingsChange,
        response: { 200: AlarmSettings, ...matchErrors },
      },
    },
    (request) => put(write, request, { unit: request.params.id, ageGroup: request.params.ageGroup }, request.body),
  );
};

const readStayRoute = (app: ApiApp, { database }: Deps): void => {
  app.get(
    '/encounters/:id/alarm-settings',
    {
      schema: {
        tags,
        summary: 'What is set for one stay of a patient',
        params: ByNumber,
        response: { 200: AlarmSettings, ...findErrors },
      },
    },
    async ({ params: { id: encounter } }, reply) => {
      await readSettingsStay(database, encounter);
      // The tag is read before the settings: after a change in between it no longer matches, and a save by it is
      // refused.
      reply.header('etag', await settingsTag(database, { encounter }));
      return (await readSettings(database, { encounter })) ?? { ...NOTHING, unit: null, ageGroup: null, encounter };
    },
  );
};

const putStayRoute = (app: ApiApp, { write }: Deps): void => {
  app.put(
    '/encounters/:id/alarm-settings',
    {
      schema: {
        tags,
        summary: 'Set what one stay of a patient has other than its unit',
        params: ByNumber,
        description: IF_MATCH,
        body: SettingsChange,
        response: { 200: AlarmSettings, ...matchErrors },
      },
    },
    (request) => put(write, request, { encounter: request.params.id }, request.body),
  );
};

const versionsRoute = (app: ApiApp, { database }: Deps): void => {
  app.get(
    '/alarm-settings/versions',
    {
      schema: {
        tags,
        summary: 'Every version of the settings of a unit or a stay, the newest first: who, when and why',
        querystring: z.object({
          unit: Id.optional(),
          encounter: ByNumber.shape.id.optional(),
          limit: z.coerce.number().int().min(1).max(1_000).default(100),
        }),
        response: { 200: z.array(AlarmSettings), ...readErrors },
      },
    },
    async ({ query }) => {
      if ((query.unit === undefined) === (query.encounter === undefined)) throw invalid('say unit or encounter');
      return listSettings(database, query);
    },
  );
};

/** Presets, and what is set over them: by unit and age group, and by stay. Each change is a new version. */
export const alarmSettingsRoutes = (app: ApiApp, deps: Deps): void => {
  presetsRoute(app);
  inForceRoute(app, deps);
  presetChangeRoute(app, deps);
  readUnitRoute(app, deps);
  putUnitRoute(app, deps);
  readStayRoute(app, deps);
  putStayRoute(app, deps);
  versionsRoute(app, deps);
};
