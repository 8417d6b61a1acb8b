/** Tells messages of one device apart that arrived in one millisecond. */
export type Arrivals = {
  /** When the message arrived, later than the one before of its device, as far as that is possible. */
  readonly next: (device: string, receivedAt: number) => number;
  /** The message is taken as of this time. */
  readonly note: (device: string, receivedAt: number) => void;
};

const MAX_WITHIN_MS = 0.49;
/** What arrived in one millisecond may be spread over the next. */
const MAX_SPREAD_MS = 2;

/**
 * Messages of one device in one millisecond are told apart by microseconds, in their order: it can then be told from
 * what is stored, and alarms be recomputed. They come before the half of the millisecond, where the other inputs of the
 * engine have their place.
 */
export const createArrivals = (): Arrivals => {
  const lastOf = new Map<string, number>();
  return {
    next(device, receivedAt) {
      const last = lastOf.get(device) ?? Number.NEGATIVE_INFINITY;
      if (last < receivedAt || last >= receivedAt + MAX_SPREAD_MS) return receivedAt;
      const next = Math.round(last * 1_000 + 1) / 1_000;
      return next % 1 < MAX_WITHIN_MS ? next : Math.floor(next) + 1;
    },
    note: (device, receivedAt) => void lastOf.set(device, receivedAt),
  };
};
