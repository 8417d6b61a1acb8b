import { randomUUID } from 'node:crypto';
import type { BusEvents } from '#contracts/bus.ts';
import type { WardFeed } from '#contracts/ports/ward-feed.ts';
import { createBus } from '#platform/bus.ts';
import type { Clock } from '#platform/clock.ts';
import { createLive, type Live } from './live.ts';

/** Long enough that no two lives of a station have the same. */
const EPOCH_LENGTH = 8;

/** The present of this process and the feed that screens have of it. */
export const createLiveFeed = ({
  tickMs,
  clock,
  onError,
}: {
  tickMs: number;
  clock: Pick<Clock, 'now' | 'every'>;
  /** A listener failed. */
  onError: (error: unknown, event: string) => void;
}): { readonly live: Live; readonly feed: WardFeed } => {
  const bus = createBus<BusEvents>({ onError });
  const live = createLive({
    tickMs,
    epoch: randomUUID().slice(0, EPOCH_LENGTH),
    clock,
    publish: (change) => bus.publish('live:changed', change),
    onUnitChanged: (unit) => bus.publish('unit:changed', { unit }),
  });
  const feed: WardFeed = {
    units: async () => live.units(),
    snapshot: async (unit) => live.snapshot(unit),
    subscribe({ changed, unitChanged }) {
      const ends = [
        bus.subscribe('live:changed', changed),
        bus.subscribe('unit:changed', ({ unit }) => unitChanged(unit)),
      ];
      return () => {
        for (const end of ends) end();
      };
    },
  };
  return { live, feed };
};
