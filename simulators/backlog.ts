/** Messages taken together for one packet. */
export type Batch<Item> = { readonly items: Item[] };

/** One packet carries at most this many: some 30 kB of vitals, far below any broker's limit. */
const MAX_BATCH = 100;

/**
 * What a device has not had acknowledged, oldest first: a bounded queue, and the packets in flight taken from its
 * front. A batch holds one channel only. Messages in flight are never pushed out.
 */
export const createBacklog = <Item extends { readonly channel: string }>({ limit }: { limit: number }) => {
  let waiting: Item[] = [];
  const inFlight = new Set<Batch<Item>>();
  let flying = 0;

  return {
    size: () => waiting.length + flying,
    batchesInFlight: () => inFlight.size,

    /** Returns the oldest message when it had to give way. */
    push(item: Item): Item | undefined {
      waiting.push(item);
      return waiting.length > limit ? waiting.shift() : undefined;
    },

    /** The next packet, now in flight, or undefined when nothing waits. */
    take(): Batch<Item> | undefined {
      const channel = waiting[0]?.channel;
      if (channel === undefined) return undefined;
      const other = waiting.findIndex((item, index) => index >= MAX_BATCH || item.channel !== channel);
      const batch = { items: waiting.splice(0, other < 0 ? waiting.length : other) };
      inFlight.add(batch);
      flying += batch.items.length;
      return batch;
    },

    /** The packet was acknowledged. */
    settle(batch: Batch<Item>) {
      if (inFlight.delete(batch)) flying -= batch.items.length;
    },

    /** The link broke: what was in flight waits again, before what came later. Returns how many messages. */
    restore(): number {
      const restored = flying;
      waiting = [...[...inFlight].flatMap(({ items }) => items), ...waiting];
      inFlight.clear();
      flying = 0;
      return restored;
    },
  };
};
