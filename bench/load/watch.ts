import { createHistogram, type HistogramData } from '../support/histogram.ts';
import { serveWorker } from '../support/worker.ts';
import { openScreens, type ScreensJob } from './screens.ts';

/**
 * Screens and the readings they get. All screens of a unit are sent the same bytes, so a frame is read once however many
 * screens get it: what is measured is the station and not the reading of 200 copies.
 */

export type WatchJob = ScreensJob & {
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
  let fromMs = Number.POSITIVE_INFINITY;
  let untilMs = Number.POSITIVE_INFINITY;
  let seen = 0;
  let bytes = 0;

  const screens = await openScreens(job, (_screen, name, data) => {
    const now = Date.now();
    bytes += data.length;
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
  });
  tell.ready();
  const ticking = setInterval(() => tell.tick({ seen }), TICK_MS);

  return {
    onCommand(command: WatchCommand) {
      ({ fromMs, untilMs } = command);
    },
    finish(): WatchResult {
      clearInterval(ticking);
      const result = { delays: delays.data(), seen, bytes, closed: screens.closed() };
      screens.end();
      return result;
    },
  };
};

serveWorker(work);
