import type { Client } from 'aedes';

/**
 * Bounds on what was received and is not acknowledged yet. Aedes goes on reading a client whose messages we hold, so
 * without a bound one fast device, or one slow disk, would fill the memory.
 *
 * One client past its share is no longer read until half of it is done: TCP then slows the sender down. Past the whole,
 * the message is not taken and its connection is closed; unacknowledged, it comes again.
 */
export type Hold = {
  /** False: not taken. */
  readonly take: (client: Client) => boolean;
  readonly release: (client: Client) => void;
  readonly held: () => number;
};

const CLIENT_SHARE = 1_000;

// Aedes has these methods and its types do not (lib/client.js); tests/broker would notice their loss.
type Pausable = Client & { pause: () => void; resume: () => void };

export const createHold = ({ maxHeld }: { maxHeld: number }): Hold => {
  const counts = new WeakMap<Client, { held: number; paused: boolean }>();
  let held = 0;

  return {
    take(client) {
      if (held >= maxHeld) return false;
      const count = counts.get(client) ?? { held: 0, paused: false };
      counts.set(client, count);
      held++;
      count.held++;
      if (count.held >= CLIENT_SHARE && !count.paused) {
        count.paused = true;
        (client as Pausable).pause();
      }
      return true;
    },
    release(client) {
      held--;
      const count = counts.get(client);
      if (!count) return;
      count.held--;
      if (count.paused && count.held <= CLIENT_SHARE / 2) {
        count.paused = false;
        if (!client.closed) (client as Pausable).resume();
      }
    },
    held: () => held,
  };
};
