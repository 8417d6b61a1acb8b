import { LINK_LOST_AFTER_MS } from '#contracts/live.ts';
import type { PageClock } from '../clock.ts';
import { type LinkView, linkView } from './link-view.ts';

/** Whether what the page holds is of the present, by when the station was last heard. */
export const createLiveness = (clock: Pick<PageClock, 'elapsed'>) => {
  let waitingFromMs = clock.elapsed();
  /** When the station was last heard with every unit's snapshot in hand; undefined when that cannot be trusted. */
  let liveAtMs: number | undefined;
  return {
    /** `heardAtMs`: the last sign of life, by `elapsed`. `isJoined`: every unit's snapshot is in hand. */
    look(heardAtMs: number | undefined, isJoined: boolean): { readonly isLive: boolean; readonly link: LinkView } {
      if (isJoined && heardAtMs !== undefined) liveAtMs = heardAtMs;
      const silentForMs = liveAtMs === undefined ? undefined : clock.elapsed() - liveAtMs;
      const isLive = isJoined && silentForMs !== undefined && silentForMs <= LINK_LOST_AFTER_MS;
      return { isLive, link: linkView(silentForMs, clock.elapsed() - waitingFromMs) };
    },
    /** The page's clocks have jumped: nothing is known of how old anything is, and the link counts as lost at once. */
    distrust(): void {
      liveAtMs = undefined;
      waitingFromMs = Number.NEGATIVE_INFINITY;
    },
    /** After a sign-in the page waits as long as after a load. */
    waitAnew(): void {
      waitingFromMs = clock.elapsed();
    },
  };
};
