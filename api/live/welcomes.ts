import { isDeepStrictEqual } from 'node:util';
import { HEARTBEAT_MS, type WelcomeFrame } from '#contracts/live.ts';
import type { FeedUnit, WardFeed } from '#contracts/ports/ward-feed.ts';
import type { WallClock } from '#platform/clock.ts';
import { type WireFrame, wireFrame } from './wire-frame.ts';

/** What screens are told first: which units there are. */
export type Welcomes = {
  /** Reads the units. Resolves with true when they are others than before. */
  readonly refresh: () => Promise<boolean>;
  /** Resolves when every refresh that was begun has ended, well or not. */
  readonly settled: () => Promise<void>;
  readonly frame: () => WireFrame;
};

export const createWelcomes = ({
  feed,
  clock,
  version,
}: {
  feed: Pick<WardFeed, 'units'>;
  clock: WallClock;
  version: string;
}): Welcomes => {
  let units: readonly FeedUnit[] = [];
  let settled: Promise<void> = Promise.resolve();

  const read = async (): Promise<boolean> => {
    const found = await feed.units();
    const isOther = !isDeepStrictEqual(found, units);
    units = found;
    return isOther;
  };

  return {
    refresh() {
      // One after the other: an answer that is older must not come last.
      const reading = settled.then(read);
      settled = reading.then(ignore, ignore);
      return reading;
    },
    settled: () => settled,
    frame() {
      const frame: WelcomeFrame = {
        type: 'welcome',
        time: clock.now(),
        heartbeatMs: HEARTBEAT_MS,
        version,
        units: [...units],
      };
      return wireFrame(JSON.stringify(frame));
    },
  };
};

const ignore = (): void => {};
