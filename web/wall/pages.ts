/**
 * The pages of a wall with more beds than fit, and the order in which they are turned. The banner lists the alarms of
 * every page, always; this is about which tiles stand under it.
 */

/** As few pages as will do, of about the same size. Always at least one. */
export const pagesOf = <Bed>(beds: readonly Bed[], capacity: number): readonly (readonly Bed[])[] => {
  const count = Math.max(1, Math.ceil(beds.length / capacity));
  const size = Math.ceil(beds.length / count);
  return Array.from({ length: count }, (_, place) => beds.slice(place * size, (place + 1) * size));
};

/** `ordinary`: the last page that was turned to for no reason but its turn. */
export type Turn = { readonly page: number; readonly ordinary: number };

/** The first page after `from`, round and round and never itself, that is as wanted. */
const pageAfter = (from: number, count: number, isWanted: (page: number) => boolean): number | undefined =>
  Array.from({ length: Math.max(0, count - 1) }, (_, step) => (from + step + 1) % count).find(isWanted);

/**
 * What comes after this page. `urgent`: pages with an alarm of high priority that nobody has answered. With one such
 * page every second turn is to it; with more, only they are turned through until they have been answered.
 */
export const nextTurn = ({ page, ordinary }: Turn, count: number, urgent: ReadonlySet<number>): Turn => {
  const pressing = pageAfter(page, count, (each) => urgent.has(each));
  if (pressing !== undefined) return { page: pressing, ordinary };
  const onward = pageAfter(ordinary, count, (each) => !urgent.has(each)) ?? page;
  return { page: onward, ordinary: onward };
};

/** Turns by a person's hand: one page on or back. */
export const turnBy = (page: number, step: 1 | -1, count: number): Turn => {
  const next = (page + step + count) % count;
  return { page: next, ordinary: next };
};
