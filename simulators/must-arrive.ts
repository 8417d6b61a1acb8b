import { createBacklog } from './backlog.ts';

/** Packets without an acknowledgement; a monitor that sends once a second needs few. */
const MAX_IN_FLIGHT = 16;

export type MustArriveOptions<Item extends { readonly channel: string }> = {
  /** Messages that are kept; the oldest go first. */
  readonly limit: number;
  readonly isConnected: () => boolean;
  /** Sends messages of one channel as one packet. It does not call back when the connection breaks first. */
  readonly publish: (channel: Item['channel'], items: readonly Item[], onAcknowledged: () => void) => void;
  readonly onAcknowledged: ((item: Item) => void) | undefined;
  /** A message was pushed out of the full backlog. */
  readonly onDiscarded: ((item: Item) => void) | undefined;
};

/** Messages of a device that must not be lost: kept until they are acknowledged, and sent again after the link broke. */
export const createMustArrive = <Item extends { readonly channel: string }>({
  limit,
  isConnected,
  publish,
  onAcknowledged,
  onDiscarded,
}: MustArriveOptions<Item>) => {
  const backlog = createBacklog<Item>({ limit });
  const counts = { acknowledged: 0, resent: 0, discarded: 0 };
  let onDrained: (() => void)[] = [];

  const acknowledge = (items: readonly Item[]): void => {
    counts.acknowledged += items.length;
    for (const item of items) onAcknowledged?.(item);
    if (backlog.size() === 0) for (const resolve of onDrained.splice(0)) resolve();
  };

  /** Sends what waits, as much as may be in flight. To be called when the link is there again. */
  const pump = (): void => {
    while (isConnected() && backlog.batchesInFlight() < MAX_IN_FLIGHT) {
      const batch = backlog.take();
      const first = batch?.items[0];
      if (!batch || !first) return;
      publish(first.channel, batch.items, () => {
        backlog.settle(batch);
        acknowledge(batch.items);
        pump();
      });
    }
  };

  return {
    counts,
    size: backlog.size,
    pump,
    keep(item: Item): void {
      const pushedOut = backlog.push(item);
      if (pushedOut) {
        counts.discarded++;
        onDiscarded?.(pushedOut);
      }
      pump();
    },
    /** The link broke: what was in flight waits again. */
    sendAgain(): void {
      counts.resent += backlog.restore();
    },
    /** Resolves once nothing waits and nothing is in flight. */
    drained: (): Promise<void> =>
      backlog.size() === 0 ? Promise.resolve() : new Promise((resolve) => onDrained.push(resolve)),
    /** The promises of `drained` do not resolve any more. */
    giveUp(): void {
      onDrained = [];
    },
  };
};
