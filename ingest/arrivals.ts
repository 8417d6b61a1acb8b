import { isBefore, type Moment, nextMessage, readMoment } from '#domain/moment.ts';

/** Tells messages of one device apart that arrived in one millisecond. */
export type Arrivals = {
  /** When the message arrived, later than the one before of its device, as far as that is possible. */
  readonly next: (device: string, receivedAt: number) => Moment;
  /** The message is taken as of this moment. */
  readonly note: (device: string, moment: Moment) => void;
};

/** What arrived in one millisecond may be spread over the next. */
const MAX_SPREAD_MS = 2;

/** Messages of one device in one millisecond have places in their order, so that alarms can be recomputed from what is stored. */
export const createArrivals = (): Arrivals => {
  const lastOf = new Map<string, Moment>();
  return {
    next(device, receivedAt) {
      const arrived = readMoment(receivedAt);
      const last = lastOf.get(device);
      if (!last || isBefore(last, arrived) || last.ms - arrived.ms >= MAX_SPREAD_MS) return arrived;
      return nextMessage(last);
    },
    note: (device, moment) => void lastOf.set(device, moment),
  };
};
