/**
 * Bounds what was received and is not acknowledged yet, over all clients. One client alone is bounded by Aedes, which
 * reads on when what it read before, at most 64 KiB, is done. Past the bound a message is not taken and its connection
 * is closed: unacknowledged, it comes again.
 */
export type Hold = {
  /** False: not taken. */
  readonly take: () => boolean;
  readonly release: () => void;
  readonly held: () => number;
};

export const createHold = ({ maxHeld }: { maxHeld: number }): Hold => {
  let held = 0;
  return {
    take() {
      if (held >= maxHeld) return false;
      held++;
      return true;
    },
    release() {
      held--;
    },
    held: () => held,
  };
};
