import { describe, expect, it } from 'vitest';
import { type Circumstances, createRenewal, reloadSafely } from '../../../web/shell/renewal.ts';

const HOUR = 3_600_000;
const MEGABYTE = 1024 * 1024;

const QUIET: Circumstances = {
  nowMs: 0,
  isOutdated: false,
  isLive: true,
  isAlarming: false,
  isBusy: false,
  soundSurvives: true,
  heapBytes: 50 * MEGABYTE,
  hour: 3,
};

const setUp = () => {
  const renewal = createRenewal(0);
  return (change: Partial<Circumstances>) => renewal.decide({ ...QUIET, ...change });
};

describe('after an upgrade of the station the page', () => {
  it('loads itself anew at once when all is quiet', () => {
    expect(setUp()({ isOutdated: true })).toBe('reload');
    expect(setUp()({})).toBe('stay');
  });

  it.each(['isAlarming', 'isBusy'] as const)('waits two minutes at most when %s', (why) => {
    const decide = setUp();
    expect(decide({ isOutdated: true, [why]: true })).toBe('stay');
    expect(decide({ isOutdated: true, [why]: true, nowMs: 120_000 })).toBe('stay');
    expect(decide({ isOutdated: true, [why]: true, nowMs: 120_001 })).toBe('reload');
  });

  it('waits for the station to be there', () => {
    const decide = setUp();
    expect(decide({ isOutdated: true, isLive: false, nowMs: 10 * HOUR })).toBe('stay');
    expect(decide({ isOutdated: true, nowMs: 10 * HOUR })).toBe('reload');
  });
});

describe('a page whose memory has grown', () => {
  const grown = { nowMs: 24 * HOUR, heapBytes: 200 * MEGABYTE };
  const settled = () => {
    const decide = setUp();
    decide({ nowMs: 11 * 60_000 });
    return decide;
  };

  it('loads itself anew in the quiet of a night', () => {
    expect(settled()(grown)).toBe('reload');
  });

  it.each([
    { hour: 14 },
    { nowMs: 19 * HOUR },
    { heapBytes: 110 * MEGABYTE },
    { heapBytes: undefined },
    { isAlarming: true },
    { isBusy: true },
    { soundSurvives: false },
    { isLive: false },
  ])('stays with %o', (change) => {
    expect(settled()({ ...grown, ...change })).toBe('stay');
  });
});

describe('loading anew', () => {
  const attempt = async (answer: () => Promise<Response>) => {
    let loads = 0;
    await reloadSafely(answer, {
      href: 'http://station/wall',
      reload: () => {
        loads += 1;
      },
    });
    return loads;
  };
  const html = { headers: { 'content-type': 'text/html; charset=utf-8' } };

  it('is done once the station has the page, and not before', async () => {
    expect(await attempt(async () => new Response('<!doctype html>', html))).toBe(1);
    expect(await attempt(async () => new Response('not built', { status: 503, ...html }))).toBe(0);
    expect(await attempt(async () => Response.json({}))).toBe(0);
    expect(await attempt(() => Promise.reject(new TypeError('no network')))).toBe(0);
  });
});
