import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextTurn, pagesOf, type Turn, turnBy } from '../../../web/wall/pages.ts';

const START: Turn = { page: 0, ordinary: 0 };

/** The pages that are turned to, one after the other. */
const turns = (from: Turn, count: number, urgent: readonly number[], times: number): number[] => {
  let turn = from;
  return Array.from({ length: times }, () => {
    turn = nextTurn(turn, count, new Set(urgent));
    return turn.page;
  });
};

describe('pages', () => {
  it('are as few as will do, of about the same size, in the order of the beds', () => {
    expect(pagesOf([1, 2, 3], 64)).toEqual([[1, 2, 3]]);
    expect(pagesOf([], 64)).toEqual([[]]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 64 }), (count, capacity) => {
        const beds = Array.from({ length: count }, (_, place) => place);
        const pages = pagesOf(beds, capacity);
        expect(pages.flat()).toEqual(beds);
        expect(pages).toHaveLength(Math.ceil(count / capacity));
        expect(Math.max(...pages.map(({ length }) => length))).toBeLessThanOrEqual(capacity);
      }),
    );
  });
});

describe('the turn of the pages', () => {
  it('goes round', () => {
    expect(turns(START, 3, [], 4)).toEqual([1, 2, 0, 1]);
    expect(turns(START, 1, [], 2)).toEqual([0, 0]);
  });

  it('comes back to a page with an alarm every second time, and goes on with the others where it was', () => {
    expect(turns(START, 4, [2], 6)).toEqual([2, 1, 2, 3, 2, 0]);
  });

  it('is among the pages with an alarm alone when there is more than one', () => {
    expect(turns(START, 4, [1, 3], 4)).toEqual([1, 3, 1, 3]);
  });

  it('is never more than one turn away from an alarm, with one or two pages that have one', () => {
    const world = fc.integer({ min: 2, max: 9 }).chain((count) =>
      fc.record({
        count: fc.constant(count),
        page: fc.nat(count - 1),
        ordinary: fc.nat(count - 1),
        urgent: fc.uniqueArray(fc.nat(count - 1), { minLength: 1, maxLength: 2 }),
      }),
    );
    fc.assert(
      fc.property(world, ({ count, page, ordinary, urgent }) => {
        const [first, second] = turns({ page, ordinary }, count, urgent, 2);
        expect([page, first].some((each) => urgent.includes(each ?? -1))).toBe(true);
        expect([first, second].some((each) => urgent.includes(each ?? -1))).toBe(true);
        if (urgent.length === 2) expect(new Set([first, second])).toEqual(new Set(urgent));
      }),
    );
  });

  it('leaves no page out while at most one has an alarm', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(8), (count, place) => {
        const seen = new Set(turns(START, count, [place % count], 2 * count + 2));
        expect(seen.size).toBe(count);
      }),
    );
  });

  it('by hand is one page on or back', () => {
    expect(turnBy(0, -1, 3).page).toBe(2);
    expect(turnBy(2, 1, 3).page).toBe(0);
  });
});
