/**
 * A moment says when something reached the station: the millisecond, and the place among all that reached it in that
 * millisecond.
 *
 *   order   0  1  2 … 490                  500                             0
 *           └ messages at each bed ┘        └ other inputs: people,         └ messages of the next
 *             in the order they came          settings, links, the station    millisecond
 *
 * So the moments alone give the order in which the alarms were decided, and a recomputation from what is stored meets
 * messages and inputs in the same order: no input ever has the moment of a message.
 *
 * A moment is written as one number: epoch milliseconds, with the order in thousandths as their fraction. 12 ms and the
 * order 500 are 12.5. The database, the journal and the alarm engine all keep this number; the engine compares it with
 * the times at which something is due. Numbers sort as their moments do.
 */
export type Moment = { readonly ms: number; readonly order: number };

const ORDERS = 1_000;

/** The orders of messages lie between these two, both included; the order of inputs comes after them. */
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

/**
 * The division is the last step, so that the result is the nearest number there is, the same that the database gives.
 */
export const writeMoment = ({ ms, order }: Moment): number => (ms * ORDERS + order) / ORDERS;

/** Compares things that have their moment written in `at`. */
export const compareByMoment = (one: { readonly at: number }, other: { readonly at: number }): number =>
  compareMoments(readMoment(one.at), readMoment(other.at));

/** The moment of an input that comes at this time: after every message of its millisecond, before all of the next. */
export const afterMillisecond = (timeMs: number): Moment => ({ ms: Math.floor(timeMs), order: INPUT });

/** The moment of an input that is known only by something of this time, and happened before it. */
export const beforeMillisecond = (timeMs: number): Moment => afterMillisecond(Math.floor(timeMs) - 1);

/**
 * The moment of a message that comes right after this one at the same bed: in the next millisecond if this one is
 * full.
 */
export const nextMessage = ({ ms, order }: Moment): Moment =>
  order < LAST_MESSAGE ? { ms, order: order + 1 } : { ms: ms + 1, order: FIRST_MESSAGE };

/**
 * The first moment at or after this one that begins a millisecond. An input right before that millisecond then comes
 * after all earlier messages at the bed.
 */
export const firstMessageFrom = (moment: Moment): Moment =>
  moment.order === FIRST_MESSAGE ? moment : { ms: moment.ms + 1, order: FIRST_MESSAGE };
