import type { FastifyInstance, RouteOptions } from 'fastify';
import type { Permission } from '#contracts/permissions.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set from the table below. */
    permission?: RoutePermission;
  }
}

/** `anybody`: also who is not signed in. `signed-in`: in any role that may use HTTP at all. */
export type RoutePermission = Permission | 'anybody' | 'signed-in';

/** What each address below `/api/v1` needs. HEAD is as GET. With a route that has no line here the station does not start. */
export const ROUTE_PERMISSIONS = {
  'GET /session': 'signed-in',
  'POST /session': 'anybody',
  'DELETE /session': 'anybody',
  'GET /sessions': 'end-sign-ins',
  'DELETE /sessions': 'end-sign-ins',
  'DELETE /sessions/:id': 'end-sign-ins',
  'GET /audit': 'audit',

  'GET /live': 'watch',
  'GET /units': 'watch',
  'PUT /units/:id': 'organise',
  'GET /beds': 'watch',
  'PUT /beds/:id': 'organise',

  'GET /devices': 'watch',
  'GET /devices/:id': 'watch',
  'POST /devices': 'equip',
  'PATCH /devices/:id': 'equip',
  'PUT /devices/:id/interval': 'equip',
  'POST /devices/:id/secret': 'equip',
  'GET /devices/:id/rhythm': 'inspect-devices',
  'GET /devices/:id/messages': 'inspect-messages',
  'GET /devices/:id/refusals': 'inspect-devices',
  'GET /mqtt': 'inspect-devices',
  'GET /gateways': 'watch',
  'GET /gateways/:id': 'watch',
  'POST /gateways': 'equip',
  'PATCH /gateways/:id': 'equip',
  'POST /gateways/:id/secret': 'equip',
  'DELETE /gateways/:id': 'equip',
  'GET /gateways/:id/refusals': 'inspect-devices',
  'GET /refusals': 'inspect-devices',
  'GET /rejected': 'inspect-devices',
  'GET /gaps': 'inspect-devices',

  'GET /patients': 'watch',
  'GET /patients/:id': 'watch',
  'POST /patients': 'admit',
  'PATCH /patients/:id': 'admit',
  'GET /encounters': 'watch',
  'POST /encounters': 'admit',
  'PATCH /encounters/:id': 'admit',
  'POST /encounters/:id/transfer': 'admit',
  'GET /assignments': 'watch',
  'POST /assignments': 'admit',
  'PATCH /assignments/:id': 'admit',

  'GET /beds/:id/trends': 'watch',
  'GET /beds/:id/waves': 'watch',
  'GET /beds/:id/readings.csv': 'export',
  'GET /beds/:id/recording.edf': 'export',
  'GET /beds/:id/annotations': 'watch',
  'POST /beds/:id/annotations': 'annotate',
  'DELETE /beds/:id/annotations/:annotation': 'annotate',

  'GET /alarms': 'watch',
  'GET /alarms/active': 'watch',
  'GET /alarms/burden': 'watch',
  'GET /alarms/:id': 'watch',
  'POST /alarms/:id/acknowledge': 'answer-alarms',
  'POST /alarms/:id/reset': 'answer-alarms',
  'POST /beds/:id/alarms/reset': 'answer-alarms',
  'POST /beds/:id/inactivations': 'answer-alarms',
  'DELETE /beds/:id/inactivations': 'answer-alarms',
  'PUT /beds/:id/oxygen': 'answer-alarms',
  'GET /monitor-alarms': 'watch',
  'GET /monitor-alarms/:id': 'watch',
  'GET /alarm-settings/presets': 'watch',
  'GET /alarm-settings/versions': 'watch',
  'GET /beds/:id/alarm-settings': 'watch',
  'GET /beds/:id/preset-change': 'watch',
  'GET /units/:id/alarm-settings/:ageGroup': 'watch',
  'PUT /units/:id/alarm-settings/:ageGroup': 'set-alarms',
  'GET /encounters/:id/alarm-settings': 'watch',
  'PUT /encounters/:id/alarm-settings': 'set-alarms',
  'POST /beds/:id/what-if': 'set-alarms',
  'POST /units/:id/what-if': 'set-alarms',
} as const satisfies Record<string, RoutePermission>;

const isListed = (line: string): line is keyof typeof ROUTE_PERMISSIONS => Object.hasOwn(ROUTE_PERMISSIONS, line);

const permissionOf = (method: string, url: string): RoutePermission => {
  const line = `${method === 'HEAD' ? 'GET' : method} ${url}`;
  if (!isListed(line)) throw new Error(`nobody knows who may use ${line}: it has no line in ROUTE_PERMISSIONS`);
  return ROUTE_PERMISSIONS[line];
};

const methodsOf = ({ method }: RouteOptions): readonly string[] => [method].flat();

/** Gives each route that is added from now on what the table says. All methods of one route need the same. */
export const applyPermissions = (api: FastifyInstance): void => {
  api.addHook('onRoute', (route) => {
    const url = route.url.slice(route.prefix.length);
    const [permission, ...others] = new Set(methodsOf(route).map((method) => permissionOf(method, url)));
    if (permission === undefined || others.length > 0) throw new Error(`one route, two permissions: ${route.url}`);
    route.config = { ...route.config, permission };
  });
};
