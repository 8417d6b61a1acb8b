/**
 * When something reached the station: the millisecond, and the place among all that reached it in that millisecond.
 *
 *   order   0  1  2 … 490                  500                             0
 *           └ messages of each device ┘     └ what else is told: people,    └ messages of the next
 *             in the order they came          settings, links, the station    millisecond
 *
 * So the order in which the alarms were decided can be told from the moments alone, and a recomputation from what is
 * stored meets messages and inputs in the same order: no input ever has the moment of a message.
 *
 * A moment is written as one number, epoch milliseconds with the order as their fraction, in microseconds: 12 ms and the
 * order 500 are 12.5. The database and the journal keep it so, and so does the alarm engine, in which a moment is a point on
 * the same line as the times at which something is due. Numbers sort as their moments do.
 */
export type Moment = { readonly ms: number; readonly order: number };

const ORDERS = 1_000;

/** Where messages begin, and where they end at the latest: before the inputs. */
const FIRST_MESSAGE = 0;
const LAST_MESSAGE = 490;
const INPUT = 500;

/** Negative: `one` is before `other`. */
export const compareMoments = (one: Moment, other: Moment): number => one.ms - other.ms || one.order - other.order;

export const isBefore = (one: Moment, other: Moment): boolean => compareMoments(one, other) < 0;

export const readMoment = (written: number): Moment => {
  const orders = Math.round(written * ORDERS);
  const ms = Math.floor(orders / ORDERS);
  return { ms, order: orders - ms * ORDERS };
};

/** Divided last: so it is the nearest number there is, the same that the database answers. */
export const writeMoment = ({ ms, order }: Moment): number => (ms * ORDERS + order) / ORDERS;

/** Compares things that have their moment written in `at`. */
export const compareByMoment = (one: { readonly at: number }, other: { readonly at: number }): number =>
  compareMoments(readMoment(one.at), readMoment(other.at));

/** The place of an input that comes at this time: after every message of its millisecond, before all of the next. */
export const afterMillisecond = (timeMs: number): Moment => ({ ms: Math.floor(timeMs), order: INPUT });

/** The place of an input that is known by something of this time, and happened before it. */
export const beforeMillisecond = (timeMs: number): Moment => afterMillisecond(Math.floor(timeMs) - 1);

/** The place of a message that comes right after this one of the same device: in the next millisecond if this one is full. */
export const nextMessage = ({ ms, order }: Moment): Moment =>
  order < LAST_MESSAGE ? { ms, order: order + 1 } : { ms: ms + 1, order: FIRST_MESSAGE };

/**
 * The first place in a millisecond, of this or else of the next: an input right before this millisecond comes after all
 * earlier messages of the device.
 */
export const firstMessageFrom = (moment: Moment): Moment =>
  moment.order === FIRST_MESSAGE ? moment : { ms: moment.ms + 1, order: FIRST_MESSAGE };
