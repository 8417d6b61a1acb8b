import { LINK_LOST_AFTER_MS } from '#contracts/live.ts';

/**
 * The server's clock, as seen from a page whose own clock may be wrong, may be set, and may stand still.
 *
 * Every frame says when it was sent. On the page's monotonic clock the frame with the least delay gives the best
 * estimate: server time minus receipt, the largest so far. The estimate is never ahead of the server, and behind
 * it by the least delay seen, which the connection bounds: it gives up on a welcome that takes longer than the
 * link may be silent. Between frames it may only sink as fast as two honest clocks can drift apart, so a link
 * that slowly clogs shows as late frames instead of pulling the clock with it.
 */

const MAX_DRIFT = 200e-6;

/** How far wall clock and monotonic clock of the page may part between two looks before we stop trusting both. */
const JUMP_MS = 1_000;

export type ServerClock = ReturnType<typeof createServerClock>;

export const createServerClock = (page: { monotonicMs: () => number; wallMs: () => number }) => {
  let best: { offsetMs: number; atMs: number } | undefined;
  let partedMs = page.wallMs() - page.monotonicMs();

  const decayed = (now: number): number | undefined => best && best.offsetMs - Math.max(0, now - best.atMs) * MAX_DRIFT;

  return {
    /** Takes the time a frame was sent. False when the frame is so late that it says nothing about now. */
    observe(sentMs: number): boolean {
      const now = page.monotonicMs();
      const held = decayed(now);
      const offsetMs = sentMs - now;
      if (held === undefined || offsetMs >= held) {
        best = { offsetMs, atMs: now };
        return true;
      }
      return held - offsetMs <= LINK_LOST_AFTER_MS;
    },

    /** Epoch milliseconds at the server; undefined until a frame told it. */
    now(): number | undefined {
      const now = page.monotonicMs();
      const held = decayed(now);
      return held === undefined ? undefined : now + held;
    },

    /** Forgets the estimate: with each new connection, since the server's clock may have been set meanwhile. */
    reset(): void {
      best = undefined;
    },

    /**
     * True once after the page's clocks have parted: it was set, or the machine slept while the monotonic clock
     * stood still, and then every age on the page is too young. Ask before each drawing.
     */
    jumped(): boolean {
      const parted = page.wallMs() - page.monotonicMs();
      const jumped = Math.abs(parted - partedMs) > JUMP_MS;
      // Small differences are followed, so that drift over days is not taken for a jump.
      partedMs = parted;
      return jumped;
    },
  };
};
