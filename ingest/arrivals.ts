import { isBefore, type Moment, nextMessage, readMoment } from '#domain/moment.ts';

/** Tells messages at one bed apart that arrived in one millisecond. `where` is the bed, or the device that is at none. */
export type Arrivals = {
  /** When the message arrived, later than the one before at its bed, as far as that is possible. */
  readonly next: (where: string, receivedAt: number) => Moment;
  /** The message is taken as of this moment. */
  readonly note: (where: string, moment: Moment) => void;
};

/** What arrived in one millisecond may be spread over the next. */
const MAX_SPREAD_MS = 2;

/** Messages at one bed in one millisecond have places in their order, so that alarms can be recomputed from what is stored. */
export const createArrivals = (): Arrivals => {
  const lastOf = new Map<string, Moment>();
  return {
    next(where, receivedAt) {
      const arrived = readMoment(receivedAt);
      const last = lastOf.get(where);
      if (!last || isBefore(last, arrived) || last.ms - arrived.ms >= MAX_SPREAD_MS) return arrived;
      return nextMessage(last);
    },
    note: (where, moment) => void lastOf.set(where, moment),
  };
};
