import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTime } from '#domain/measurement-time.ts';

const TEN = Date.UTC(2026, 10, 22, 10);

test.each([
  ['2026-11-22T10:00:00Z', TEN],
  ['2026-11-22T10:00:00z', TEN],
  ['2026-11-22t10:00:00z', TEN],
  ['2026-11-22 10:00:00+00:00', TEN],
  ['2026-11-22T10:00:00+0000', TEN],
  ['2026-11-22T10:00:00+00', TEN],
  ['2026-11-22T10:00:00-00:00', TEN],
  ['2026-11-22T12:00:00+02', TEN],
  ['2026-11-22T04:30:00-0530', TEN],
  ['2026-11-22T04:30:00\u221205:30', TEN],
  ['2026-11-22T10:00Z', TEN],
  ['2026-11-22T10:00:00 UTC', TEN],
  ['20261122T100000Z', TEN],
  ['20261122100000+0000', TEN],
  ['2026-11-22T10:00:00,25Z', TEN + 250],
  ['2026-11-22T10:00:00.250000Z', TEN + 250],
  ['2026-11-22T10:00:00.000001999Z', TEN + 0.002],
  ['2026-11-22T09:59:60Z', TEN],
  ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
  [TEN, TEN],
  [0, 0],
])('%s is read', (time, expected) => {
  expect(readTime(time)).toBe(expected);
});

test.each([
  ['', 'is empty'],
  ['2026-11-22T10:00:00', 'needs a zone'],
  ['2026-11-22', 'needs a time of day'],
  ['2026-11-22T10Z', 'needs hours and minutes'],
  ['2026-W47-7T10:00:00Z', 'not a week'],
  ['2026-326T10:00:00Z', 'not a day of the year'],
  ['2026-02-29T10:00:00Z', 'is no day of the calendar'],
  ['2026-13-01T10:00:00Z', 'is no day of the calendar'],
  ['2026-11-22T24:30:00Z', 'is no time of day'],
  ['2026-11-22T10:00:00+18:01', 'beyond ±18:00'],
  ['2026-11-22T10:00:00+01:60', 'beyond ±18:00'],
  ['1795341600000', 'without quotes'],
  ['soon', 'is not ISO 8601'],
  ['22.11.2026 10:00:00', 'is not ISO 8601'],
  ['\ud800', 'is not ISO 8601'],
  [1_795_341_600, 'looks like epoch seconds'],
  [1.8e15, 'too large'],
  [Number.NaN, 'not a finite number'],
])('%j is refused, and the rule is named', (time, why) => {
  expect(readTime(time)).toEqual({ why: expect.stringContaining(why) });
});

test('what Date writes is read as it was, in every year and zone, and nothing throws', () => {
  const date = fc.date({
    min: new Date('0000-01-02T00:00:00Z'),
    max: new Date('9999-12-30T00:00:00Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(date, (moment) => readTime(moment.toISOString()) === moment.getTime()),
    { seed: 8 },
  );
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.stringMatching(/^\d{4}-?\d\d-?\d\d[T ]?\d\d:?\d\d(:?\d\d)?([.,]\d{1,9})?([zZ]|[+-]\d\d(:?\d\d)?)?$/),
    fc.double(),
  );
  fc.assert(
    fc.property(anything, (time) => {
      const read = readTime(time);
      expect(typeof read === 'number' ? Number.isFinite(read) : read.why.length > 0).toBe(true);
    }),
    { seed: 8, numRuns: 2_000 },
  );
});
