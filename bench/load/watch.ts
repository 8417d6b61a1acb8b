import { WebSocket } from 'ws';
import { createHistogram, type HistogramData } from '../support/histogram.ts';
import { serveWorker } from '../support/worker.ts';

/**
 * Screens, many in one process. All screens of a unit are sent the same bytes, so a frame is read once however many
 * screens get it: what is measured is the station and not the reading of 200 copies.
 */

export type WatchJob = {
  /** Of the live WebSocket. */
  readonly url: string;
  readonly token: string;
  readonly screens: number;
  readonly units: readonly string[];
  readonly waves: readonly string[];
  /** How long after its measured time a message was sent: the length of a block of waveforms. */
  readonly measuredBeforeMs: number;
};

/** Counts what was measured from then on. Epoch milliseconds. */
export type WatchCommand = { readonly command: 'measure'; readonly fromMs: number; readonly untilMs: number };

export type WatchTick = { readonly seen: number };

export type WatchResult = {
  readonly delays: HistogramData;
  /** Measurements seen, over all screens: one for each bed and time. */
  readonly seen: number;
  readonly bytes: number;
  readonly closed: number;
};

type LiveText = {
  readonly type: string;
  readonly beds?: Readonly<Record<string, Readonly<Record<string, { readonly time: number }>>>>;
  readonly waves?: Readonly<Record<string, { readonly time: number }>>;
};

/** `type`, `unit`, `bed` and `seq` stand first in a frame and name it. */
const NAME_BYTES = 96;
const FRAMES_KEPT = 5_000;
const TICK_MS = 500;

const timesOf = (data: Buffer): readonly number[] => {
  const frame: LiveText = JSON.parse(data.toString('utf8'));
  if (frame.type === 'wave') return Object.values(frame.waves ?? {}).map(({ time }) => time);
  if (frame.type !== 'vitals') return [];
  return Object.values(frame.beds ?? {}).flatMap((vitals) => [
    ...new Set(Object.values(vitals).map(({ time }) => time)),
  ]);
};

const work = async (job: WatchJob, tell: { ready: () => void; tick: (tick: WatchTick) => void }) => {
  const delays = createHistogram();
  const known = new Map<string, readonly number[]>();
  const sockets: WebSocket[] = [];
  let fromMs = Number.POSITIVE_INFINITY;
  let untilMs = Number.POSITIVE_INFINITY;
  let seen = 0;
  let bytes = 0;
  let closed = 0;

  const take = (data: Buffer): void => {
    const now = Date.now();
    bytes += data.length;
    const name = data.toString('latin1', 0, NAME_BYTES);
    let times = known.get(name);
    if (!times) {
      if (known.size >= FRAMES_KEPT) known.clear();
      times = timesOf(data);
      known.set(name, times);
    }
    for (const time of times) {
      if (time < fromMs || time >= untilMs) continue;
      seen++;
      delays.add(now - time - job.measuredBeforeMs);
    }
  };

  const open = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(job.url, {
        headers: { authorization: `Bearer ${job.token}` },
        skipUTF8Validation: true,
        perMessageDeflate: false,
      });
      sockets.push(socket);
      const missing = new Set(job.units);
      socket.on('open', () => socket.send(JSON.stringify({ type: 'subscribe', units: job.units, waves: job.waves })));
      socket.on('error', reject);
      socket.on('close', () => {
        closed++;
      });
      socket.on('message', (data: Buffer) => {
        if (missing.size > 0) {
          const [, unit] = /^\{"type":"snapshot","unit":"([^"]+)"/.exec(data.toString('latin1', 0, NAME_BYTES)) ?? [];
          if (unit) missing.delete(unit);
          if (missing.size === 0) resolve();
        }
        take(data);
      });
    });

  for (let opened = 0; opened < job.screens; opened++) await open();
  tell.ready();
  const ticking = setInterval(() => tell.tick({ seen }), TICK_MS);

  return {
    onCommand(command: WatchCommand) {
      ({ fromMs, untilMs } = command);
    },
    finish(): WatchResult {
      clearInterval(ticking);
      const result = { delays: delays.data(), seen, bytes, closed };
      for (const socket of sockets) socket.terminate();
      return result;
    },
  };
};

serveWorker(work);
