/**
 * Bounds the memory of what was received and is not acknowledged yet, over all clients. One client alone is bounded by
 * Aedes, which reads on when what it read before, at most 64 KiB, is done: some minutes of a bed's messages.
 */
export type Hold = {
  /** False: there is no room for it. */
  readonly take: (payloadBytes: number) => boolean;
  readonly release: (payloadBytes: number) => void;
  /** Messages, not bytes. */
  readonly held: () => number;
};

/** What a message costs beside its payload, roughly: packet, record and callbacks. */
const OVERHEAD_BYTES = 1_024;

export const createHold = ({ maxBytes }: { maxBytes: number }): Hold => {
  let bytes = 0;
  let held = 0;
  return {
    take(payloadBytes) {
      const cost = payloadBytes + OVERHEAD_BYTES;
      if (bytes + cost > maxBytes) return false;
      bytes += cost;
      held++;
      return true;
    },
    release(payloadBytes) {
      bytes -= payloadBytes + OVERHEAD_BYTES;
      held--;
    },
    held: () => held,
  };
};
