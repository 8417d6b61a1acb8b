import websocket from '@fastify/websocket';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { Clock } from '#platform/clock.ts';
import type { Hub } from '../live/hub.ts';
import { CLOSE } from '../live/limits.ts';
import { callerOf } from './identity.ts';
import { ProblemError } from './problems.ts';

/** MQTT packets may share a WebSocket message, and have a header. */
const MQTT_ROOM_BYTES = 64 * 1_024;

const MQTT_PROTOCOLS = ['mqtt', 'mqttv3.1'];

/** Who does not answer the close frame is cut off. */
const CLOSE_GRACE_MS = 500;

/** Readies the app for WebSocket routes. */
export const acceptSockets = async (
  app: FastifyInstance,
  { maxPayloadBytes, clock }: { maxPayloadBytes: number; clock: Pick<Clock, 'after'> },
): Promise<void> => {
  await app.register(websocket, {
    options: {
      // Compression would cost each screen its own work, and memory that no bound covers.
      perMessageDeflate: false,
      // For MQTT. Screens are held to less: they are signed in, and closed for the first frame that is too long.
      maxPayload: maxPayloadBytes + MQTT_ROOM_BYTES,
      handleProtocols: (offered) => MQTT_PROTOCOLS.find((protocol) => offered.has(protocol)) ?? false,
    },
    errorHandler: (_error, socket) => socket.terminate(),
    preClose: (done) => {
      for (const client of app.websocketServer.clients) client.close(CLOSE.goingAway, 'stopping');
      app.websocketServer.close(() => done());
      for (const client of app.websocketServer.clients) {
        clock.after(CLOSE_GRACE_MS, () => client.terminate(), 'background');
      }
    },
  });
};

const upgradeRequired = async (): Promise<never> => {
  throw new ProblemError(426, 'upgrade-required', 'this is a WebSocket', { headers: { upgrade: 'websocket' } });
};

export const liveRoute = (app: FastifyInstance, hub: Hub): void => {
  app.route({
    method: 'GET',
    url: '/live',
    schema: {
      tags: ['Live'],
      summary: 'The live WebSocket: JSON text frames, described in docs/messages.md',
      response: { 101: z.undefined().describe('A WebSocket') },
    },
    handler: upgradeRequired,
    wsHandler: (socket, request) => hub.join({ socket, link: request.raw.socket }, callerOf(request)),
  });
};

/** MQTT over WebSocket. No sign-in here: the CONNECT packet brings its own. */
export const mqttRoute = (app: FastifyInstance, take: (socket: WebSocket, request: FastifyRequest['raw']) => void) => {
  app.route({
    method: 'GET',
    url: '/mqtt',
    schema: { hide: true, querystring: z.strictObject({}) },
    handler: upgradeRequired,
    wsHandler: (socket, request) => {
      if (MQTT_PROTOCOLS.includes(socket.protocol)) take(socket, request.raw);
      else socket.close(CLOSE.policy, 'the subprotocol must be mqtt');
    },
  });
};
