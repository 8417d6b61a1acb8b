import type { Socket } from 'node:net';
import { Counter, type Registry } from 'prom-client';
import type { Lobby } from '#platform/lobby.ts';
import type { Logger } from '#platform/log.ts';
import { createSeldom } from '#platform/seldom.ts';

/** Connections on which somebody signed in: bounded in all, and so that one name leaves room for the others. */
export type Guests = {
  readonly enter: (socket: Socket) => void;
  /** False: there is no room for one more of this name. */
  readonly letIn: (socket: Socket, name: string) => boolean;
};

/** The share of all connections that one name may have. */
const SHARE_OF_ONE = 0.8;

export const createGuests = ({
  lobby,
  maxConnections,
  log,
  metrics,
}: {
  lobby: Lobby;
  maxConnections: number;
  log: Logger;
  metrics: Registry;
}): Guests => {
  const known = new WeakSet<Socket>();
  const byName = new Map<string, number>();
  const maxOfOne = Math.ceil(maxConnections * SHARE_OF_ONE);
  const seldom = createSeldom();
  let all = 0;
  const refused = new Counter({
    name: 'wardwatch_http_refused_total',
    help: 'Requests that were refused because too many connections were signed in.',
    registers: [metrics],
  });

  return {
    enter: lobby.enter,
    letIn(socket, name) {
      if (known.has(socket)) return true;
      const ofOne = byName.get(name) ?? 0;
      if (all >= maxConnections || ofOne >= maxOfOne) {
        refused.inc();
        const passedOver = seldom(name);
        if (passedOver !== undefined) {
          log.warn({ name, ofOne, all, address: socket.remoteAddress, passedOver }, 'too many connections over HTTP');
        }
        return false;
      }
      known.add(socket);
      lobby.letIn(socket);
      all++;
      byName.set(name, ofOne + 1);
      socket.once('close', () => {
        all--;
        const left = (byName.get(name) ?? 1) - 1;
        if (left > 0) byName.set(name, left);
        else byName.delete(name);
      });
      return true;
    },
  };
};
