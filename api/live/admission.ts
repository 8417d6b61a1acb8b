import type { WebSocket } from 'ws';
import type { Logger } from '#platform/log.ts';
import { createSeldom } from '#platform/seldom.ts';
import { CLOSE } from './limits.ts';
import type { LiveMetrics } from './metrics.ts';

/** Bounds how many screens are open under one name. */
export type Admission = {
  /** False: there are too many, and the socket was closed. */
  readonly take: (socket: WebSocket, name: string) => boolean;
  readonly release: (name: string) => void;
};

export const createAdmission = ({
  mostPerName,
  metrics,
  log,
}: {
  mostPerName: number;
  metrics: LiveMetrics;
  log: Logger;
}): Admission => {
  const byName = new Map<string, number>();
  const seldom = createSeldom();
  return {
    take(socket, name) {
      const ofOne = byName.get(name) ?? 0;
      if (ofOne < mostPerName) {
        byName.set(name, ofOne + 1);
        return true;
      }
      metrics.closed.inc({ reason: 'too-many' });
      const passedOver = seldom(name);
      if (passedOver !== undefined) log.warn({ name, ofOne, passedOver }, 'too many screens are open under one name');
      socket.close(CLOSE.tryAgainLater, 'too-many');
      return false;
    },
    release(name) {
      const left = (byName.get(name) ?? 1) - 1;
      if (left > 0) byName.set(name, left);
      else byName.delete(name);
    },
  };
};
