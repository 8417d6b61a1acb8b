import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Instant, Time } from '#contracts/http/time.ts';

describe('an instant', () => {
  it('is ISO 8601 in UTC with milliseconds on the wire, and epoch milliseconds in programs', () => {
    const Answer = z.object({ at: Instant, end: Instant.nullable() });
    const at = Date.UTC(2026, 5, 1, 10, 0, 0, 7);
    expect(z.encode(Answer, { at, end: null })).toEqual({ at: '2026-06-01T10:00:00.007Z', end: null });
    expect(Answer.parse({ at: '2026-06-01T10:00:00.007Z', end: null })).toEqual({ at, end: null });
  });

  it('comes back as it was, in whole milliseconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(2199, 11, 31) }), (ms) => {
        expect(Instant.parse(z.encode(Instant, ms))).toBe(ms);
        expect(z.encode(Instant, ms + 0.75)).toBe(z.encode(Instant, ms));
      }),
    );
  });

  it('that is no time is refused', () => {
    expect(Instant.safeParse('yesterday').success).toBe(false);
    expect(Instant.safeParse(1_800_000_000_000).success).toBe(false);
  });
});

describe('a time that is asked for', () => {
  it.each([
    ['2026-06-01T10:00:00Z', true],
    ['2026-06-01T10:00:00.123456+02:00', true],
    ['2026-06-01T10:00:00', false],
    ['1899-06-01T10:00:00Z', false],
    ['2026-06-01T10:00:00+16:00', false],
  ])('%s is taken: %s', (text, isTaken) => {
    expect(Time.safeParse(text).success).toBe(isTaken);
  });
});
