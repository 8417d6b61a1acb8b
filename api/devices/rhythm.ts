import { DeviceRhythm } from '#contracts/http/device-rhythm.ts';
import { MqttDoors } from '#contracts/http/mqtt-doors.ts';
import { notFound } from '../http/problems.ts';
import type { ApiApp, RouteDeps } from '../http/route.ts';
import { ById, findErrors, readErrors } from '../http/schemas.ts';

const WEB_SOCKET_PATH = '/mqtt';

type Deps = Pick<RouteDeps, 'deviceWatch' | 'mqttPorts'>;

const rhythmRoute = (app: ApiApp, { deviceWatch }: Deps): void => {
  app.get(
    '/devices/:id/rhythm',
    {
      schema: {
        tags: ['Registry'],
        summary: 'How often a device is heard, how often it is expected, and what is known of its clock',
        params: ById,
        response: { 200: DeviceRhythm, ...findErrors },
      },
    },
    async ({ params: { id } }) => {
      const rhythm = await deviceWatch.rhythm(id);
      if (!rhythm) throw notFound(`there is no device ${id}`);
      return rhythm;
    },
  );
};

const doorsRoute = (app: ApiApp, { mqttPorts: { port, tlsPort } }: Deps): void => {
  app.get(
    '/mqtt',
    {
      schema: { tags: ['Registry'], summary: 'Where devices connect', response: { 200: MqttDoors, ...readErrors } },
    },
    async () => ({ port, tlsPort: tlsPort ?? null, webSocketPath: WEB_SOCKET_PATH }),
  );
};

/** What a person needs who connects a device. From memory: it answers with the database stopped. */
export const connectingRoutes = (app: ApiApp, deps: Deps): void => {
  rhythmRoute(app, deps);
  doorsRoute(app, deps);
};
