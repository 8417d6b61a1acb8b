import type { Writable } from 'node:stream';
import { WebSocket } from 'ws';
import type { Corks } from '#platform/corks.ts';
import type { LiveLimits } from './limits.ts';
import type { WireFrame } from './wire-frame.ts';

/** What waits for a screen, and whether it reads. */
export type Outflow = {
  /** Sends whatever waits already. False: more waits now than may. */
  readonly send: (frame: WireFrame) => boolean;
  /** True from when too much waits until all of it was read: what can be skipped must be. */
  readonly mustSkip: () => boolean;
  /** True when all that waited was read: nothing need be skipped any more. */
  readonly catchBreath: () => boolean;
  readonly isBehind: () => boolean;
  /** Whether any of what waited was taken off our hands since the last look: a sign of life, however slow the reader. */
  readonly hasRead: () => boolean;
};

/** A screen's socket, and what its bytes go through. */
export type ScreenSocket = { readonly socket: WebSocket; readonly link: Writable };

/** So much is written without waiting for the end of the turn, so that what counts as waiting is what the system did not take. */
const WRITE_AT_ONCE_BYTES = 64 * 1_024;

export const createOutflow = ({ socket, link }: ScreenSocket, corks: Corks, limits: LiveLimits): Outflow => {
  let isBehind = false;
  let sentBytes = 0;
  let readBytes = 0;
  return {
    send({ bytes }) {
      if (socket.readyState !== WebSocket.OPEN) return true;
      sentBytes += bytes.length;
      corks.hold(link);
      link.write(bytes);
      if (link.writableLength > WRITE_AT_ONCE_BYTES) link.uncork();
      return socket.bufferedAmount <= limits.closeAboveBytes;
    },
    mustSkip() {
      isBehind ||= socket.bufferedAmount > limits.skipAboveBytes;
      return isBehind;
    },
    catchBreath() {
      if (socket.bufferedAmount > 0) return false;
      isBehind = false;
      return true;
    },
    isBehind: () => isBehind,
    hasRead() {
      const waitingBytes = socket.bufferedAmount;
      const nowReadBytes = sentBytes - waitingBytes;
      const hasMoved = nowReadBytes > readBytes;
      readBytes = nowReadBytes;
      // When nothing waits here, all that was sent may still lie unread in the kernel: then only an answer of the
      // screen counts.
      return waitingBytes > 0 && hasMoved;
    },
  };
};
