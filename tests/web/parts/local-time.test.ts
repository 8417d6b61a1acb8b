import { afterEach, describe, expect, it, test } from 'vitest';
import { momentNear, momentsOf, toLocalInput, zoneText } from '../../../web/parts/local-time.ts';

const usual = process.env.TZ;
afterEach(() => {
  if (usual === undefined) delete process.env.TZ;
  else process.env.TZ = usual;
});

const utc = (text: string): number => Date.parse(text);

/** Autumn 2026: a local time that is there twice, and both moments; spring: one that is not there, and its neighbours. */
const ZONES = {
  'Europe/Berlin': {
    twice: '2026-10-25T02:30:00',
    moments: ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'],
    offsets: ['UTC+02:00', 'UTC+01:00'],
    never: '2026-03-29T02:30:00',
    once: ['2026-03-29T01:59:59', '2026-03-29T03:00:00', '2026-10-25T01:59:59', '2026-10-25T03:00:00'],
  },
  'America/New_York': {
    twice: '2026-11-01T01:15:00',
    moments: ['2026-11-01T05:15:00Z', '2026-11-01T06:15:00Z'],
    offsets: ['UTC−04:00', 'UTC−05:00'],
    never: '2026-03-08T02:15:00',
    once: ['2026-03-08T01:59:59', '2026-03-08T03:00:00', '2026-11-01T00:59:59', '2026-11-01T02:00:00'],
  },
  // By half an hour.
  'Australia/Lord_Howe': {
    twice: '2026-04-05T01:45:00',
    moments: ['2026-04-04T14:45:00Z', '2026-04-04T15:15:00Z'],
    offsets: ['UTC+11:00', 'UTC+10:30'],
    never: '2026-10-04T02:15:00',
    once: ['2026-10-04T01:59:59', '2026-10-04T02:30:00', '2026-04-05T01:29:59', '2026-04-05T02:00:00'],
  },
} as const;

describe.each(Object.entries(ZONES))('in %s', (zone, { twice, moments, offsets, never, once }) => {
  it('a time that is there twice is two moments, told apart by their zones', () => {
    process.env.TZ = zone;
    expect(momentsOf(twice)).toEqual(moments.map(utc));
    expect(momentsOf(twice).map(zoneText)).toEqual(offsets);
    for (const moment of moments) expect(toLocalInput(utc(moment))).toBe(twice);
  });

  it('of both the one is taken whose zone is that of the time before', () => {
    process.env.TZ = zone;
    const [earlier = 0, later = 0] = moments.map(utc);
    expect(momentNear(momentsOf(twice), earlier - 600_000)).toBe(earlier);
    expect(momentNear(momentsOf(twice), later + 600_000)).toBe(later);
    expect(momentNear(momentsOf(twice), undefined)).toBe(earlier);
  });

  it('a time that is skipped is none, and its neighbours are', () => {
    process.env.TZ = zone;
    expect(momentsOf(never)).toEqual([]);
    expect(momentNear(momentsOf(never), Date.now())).toBeUndefined();
    for (const text of once) expect(momentsOf(text), text).toHaveLength(1);
  });

  it('every moment of the year is shown as a text that has it', () => {
    process.env.TZ = zone;
    const begin = utc('2026-01-01T00:00:00Z');
    const lost: string[] = [];
    for (let at = begin; at < begin + 366 * 86_400_000; at += 15 * 60_000) {
      if (!momentsOf(toLocalInput(at)).includes(at)) lost.push(new Date(at).toISOString());
    }
    expect(lost).toEqual([]);
  });
});

test('seconds may be left out; what is no time is no moment', () => {
  process.env.TZ = 'Asia/Kathmandu';
  expect(momentsOf('2026-11-22T10:00')).toEqual([utc('2026-11-22T10:00:00+05:45')]);
  expect(zoneText(utc('2026-11-22T10:00:00Z'))).toBe('UTC+05:45');
  for (const text of ['', 'now', '2026-13-01T00:00', '2026-02-30T00:00']) expect(momentsOf(text), text).toEqual([]);
});
