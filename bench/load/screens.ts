import { WebSocket } from 'ws';

/** Screens, many in one process: sockets that subscribe and hand over each frame as it comes. */
export type ScreensJob = {
  /** The address of the live WebSocket. */
  readonly url: string;
  readonly token: string;
  readonly screens: number;
  readonly units: readonly string[];
  /** Each shows so many of the units, the next screen the next ones. Left out: all of them. */
  readonly unitsEach?: number;
  readonly waves: readonly string[];
};

export type Screens = { readonly closed: () => number; readonly end: () => void };

/** `type`, `unit`, `bed` and `seq` stand first in a frame and name it. */
const NAME_BYTES = 96;

export const frameName = (data: Buffer): string => data.toString('latin1', 0, NAME_BYTES);

export const unitsOfScreen = (units: readonly string[], screen: number, each = units.length): readonly string[] =>
  Array.from(
    { length: Math.min(each, units.length) },
    (_, index) => units[(screen * each + index) % units.length] ?? '',
  );

/** Resolves when each screen has a snapshot of each unit. `onFrame`: `screen` counts from 0. */
export const openScreens = async (
  { url, token, screens, units, unitsEach, waves }: ScreensJob,
  onFrame: (screen: number, name: string, data: Buffer) => void,
): Promise<Screens> => {
  const sockets: WebSocket[] = [];
  let closed = 0;

  const open = (screen: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(url, {
        headers: { authorization: `Bearer ${token}` },
        skipUTF8Validation: true,
        perMessageDeflate: false,
      });
      sockets.push(socket);
      const shown = unitsOfScreen(units, screen, unitsEach);
      const missing = new Set(shown);
      socket.on('open', () => socket.send(JSON.stringify({ type: 'subscribe', units: shown, waves })));
      socket.on('error', reject);
      socket.on('close', () => {
        closed++;
      });
      socket.on('message', (data: Buffer) => {
        const name = frameName(data);
        if (missing.size > 0) {
          const [, unit] = /^\{"type":"snapshot","unit":"([^"]+)"/.exec(name) ?? [];
          if (unit) missing.delete(unit);
          if (missing.size === 0) resolve();
        }
        onFrame(screen, name, data);
      });
    });

  for (let screen = 0; screen < screens; screen++) await open(screen);
  return {
    closed: () => closed,
    end() {
      for (const socket of sockets) socket.terminate();
    },
  };
};
