import { describe, expect, it } from 'vitest';
import { shareOfCsv } from '../../../web/bed/export/receive.ts';

describe('an export of readings', () => {
  const from = Date.parse('2026-06-01T10:00:00Z');

  it('is as far as its last whole line', () => {
    const text = '0,icu\r\n2026-06-01T10:30:00.000Z,icu,icu-01,70\r\n2026-06-01T10:45';
    expect(shareOfCsv(text, from, from + 3_600_000)).toBe(0.5);
  });

  it('is not known to be anywhere before its first line', () => {
    expect(shareOfCsv('time,unit,bed', from, from + 3_600_000)).toBeUndefined();
  });
});
