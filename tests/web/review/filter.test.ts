import { describe, expect, it } from 'vitest';
import { historyRequest, otherView, rangeOf, viewOf, withFilter, withPlace } from '../../../web/review/filter.ts';

const NOW = Date.UTC(2026, 0, 2, 12);
const HOUR = 3_600_000;

describe('the address', () => {
  it('goes back to the first page and closes the alarm when the filter changes', () => {
    const query = { unit: 'icu', before: 'a-1', alarm: 'a-2' };
    expect(withFilter(query, { priority: 'high' })).toEqual({ unit: 'icu', priority: 'high' });
  });

  it('keeps the filter when another page or alarm is opened', () => {
    expect(withPlace({ unit: 'icu', before: 'a-1' }, { alarm: 'a-2' })).toEqual({
      unit: 'icu',
      before: 'a-1',
      alarm: 'a-2',
    });
  });

  it('loses what is made empty', () => {
    expect(withFilter({ unit: 'icu', bed: 'b1' }, { bed: '' })).toEqual({ unit: 'icu' });
  });

  it('takes beds and time along to another view, and nothing else', () => {
    expect(otherView({ unit: 'icu', last: '8', priority: 'high', alarm: 'x' }, 'burden')).toEqual({
      view: 'burden',
      unit: 'icu',
      last: '8',
    });
    expect(viewOf({ view: 'nonsense' })).toBe('history');
  });
});

describe('the range', () => {
  it.each([
    [{}, NOW - 24 * HOUR, NOW],
    [{ last: '8' }, NOW - 8 * HOUR, NOW],
    [{ last: 'x' }, NOW - 24 * HOUR, NOW],
    [
      { from: '2026-01-01T00:00:00.000Z', to: '2026-01-01T06:00:00.000Z' },
      Date.UTC(2026, 0, 1),
      Date.UTC(2026, 0, 1, 6),
    ],
    [
      { from: '2026-01-01T06:00:00.000Z', to: '2026-01-01T00:00:00.000Z' },
      Date.UTC(2025, 11, 31),
      Date.UTC(2026, 0, 1),
    ],
    [{ from: 'yesterday' }, NOW - 24 * HOUR, NOW],
  ])('of %j makes sense', (query, fromMs, toMs) => {
    expect(rangeOf(query, NOW)).toEqual({ fromMs, toMs });
  });

  it('up to now has no end in the request', () => {
    expect(historyRequest({ last: '1', priority: 'high' }, NOW)).toMatchObject({
      from: '2026-01-02T11:00:00.000Z',
      to: undefined,
      priority: 'high',
    });
  });
});
