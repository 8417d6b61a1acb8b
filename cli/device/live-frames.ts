import { WebSocket } from 'ws';
import { LINK_LOST_AFTER_MS, ServerFrame, type SubscribeFrame } from '#contracts/live.ts';
import { systemClock } from '#platform/clock.ts';
import type { Target } from '../station-client.ts';

/**
 * Hands over the live frames of a unit, and returns when the socket ends: by the station, by silence or by the signal.
 * A station that does not answer is no error, for whoever watches tries again.
 */
export const readLiveFrames = (
  { url, token }: Target,
  unit: string,
  { onFrame, signal }: { onFrame: (frame: ServerFrame, end: () => void) => void; signal: AbortSignal },
): Promise<void> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/api/v1/live`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const end = (): void => socket.terminate();
    let cancel = systemClock.after(LINK_LOST_AFTER_MS, end);
    const stayAwake = (): void => {
      cancel();
      cancel = systemClock.after(LINK_LOST_AFTER_MS, end);
    };
    signal.addEventListener('abort', end);
    socket.on('open', () => {
      const frame: SubscribeFrame = { type: 'subscribe', units: [unit], waves: [] };
      socket.send(JSON.stringify(frame));
    });
    socket.on('message', (data) => {
      stayAwake();
      // A frame of a type that a newer station added is passed over.
      const frame = ServerFrame.safeParse(JSON.parse(String(data))).data;
      if (frame) onFrame(frame, end);
    });
    socket.on('error', end);
    socket.on('close', () => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    });
  });
