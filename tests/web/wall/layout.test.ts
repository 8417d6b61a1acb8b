import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capacityOf, gridFor } from '../../../web/wall/layout.ts';

describe('the grid', () => {
  it('of sixteen beds on a 1080p screen is four by four, of sixty-four eight by eight', () => {
    expect(gridFor(16, 1920, 1080)).toEqual({ columns: 4, rows: 4 });
    expect(gridFor(64, 1920, 1080)).toEqual({ columns: 8, rows: 8 });
    expect(gridFor(1, 1920, 1080)).toEqual({ columns: 1, rows: 1 });
  });

  it('is one scrolling column on a phone', () => {
    expect(gridFor(16, 360, 740)).toEqual({ columns: 1, rows: 0 });
  });

  it('has room for every bed up to sixty-four on a wall screen', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        fc.constantFrom([1920, 1080], [3840, 2160], [1080, 1920]),
        (count, size) => {
          const [width = 0, height = 0] = size;
          const { columns, rows } = gridFor(count, width, height);
          expect(capacityOf(width, height)).toBe(64);
          expect(columns * rows).toBeGreaterThanOrEqual(count);
          expect(columns * (rows - 1)).toBeLessThan(count);
        },
      ),
    );
  });

  it('never scrolls on a screen that is not a phone: what does not fit is on another page', () => {
    fc.assert(
      fc.property(fc.integer({ min: 700, max: 4_000 }), fc.integer({ min: 480, max: 3_000 }), (width, height) => {
        const capacity = capacityOf(width, height);
        const { columns, rows } = gridFor(capacity, width, height);
        expect(capacity).toBeGreaterThan(0);
        expect(columns * rows).toBeGreaterThanOrEqual(capacity);
        expect(width / columns).toBeGreaterThanOrEqual(200);
      }),
    );
  });
});
