import { expect, test } from 'vitest';
import type { LiveDevice } from '#contracts/live.ts';
import { unheardAfterMs } from '#domain/interval.ts';
import {
  isUnwatched,
  MONITORING,
  type Monitoring,
  type MonitoringFacts,
  monitoringOf,
  NOT_HEARD_AFTER_MS,
} from '#domain/monitoring.ts';
import { liveDevice } from '../support/live-device.ts';

const NOW = 1_800_000_000_000;

const bed = (facts: Partial<MonitoringFacts>): MonitoringFacts => ({
  hasPatient: true,
  device: undefined,
  isStandby: false,
  ...facts,
});

const withDevice = (change: Partial<LiveDevice>): Monitoring =>
  monitoringOf(bed({ device: liveDevice({ bedSince: NOW - 3_600_000, lastLiveAt: NOW - 1_000, ...change }) }), NOW);

const SPOT = { intervalMs: 60_000 } as const;

/** Every combination of what comes in and of the link, for a device heard before: continuous, and once a minute. */
const HEARD: Record<LiveDevice['data'], Record<LiveDevice['state'], readonly [Monitoring, Monitoring]>> = {
  live: { online: ['monitored', 'spot'], offline: ['lost', 'spot'], unknown: ['monitored', 'spot'] },
  late: { online: ['late', 'late'], offline: ['late', 'late'], unknown: ['late', 'late'] },
  refused: { online: ['refused', 'refused'], offline: ['refused', 'refused'], unknown: ['refused', 'refused'] },
  none: { online: ['lost', 'lost'], offline: ['lost', 'lost'], unknown: ['lost', 'lost'] },
};

const cells = Object.entries(HEARD).flatMap(([data, states]) =>
  Object.entries(states).map(([state, [continuous, spot]]) => ({
    data: data as LiveDevice['data'],
    state: state as LiveDevice['state'],
    continuous,
    spot,
  })),
);

test.each(cells)('a device that was heard, with data $data and link $state', ({ data, state, continuous, spot }) => {
  expect(withDevice({ data, state })).toBe(continuous);
  expect(withDevice({ ...SPOT, data, state })).toBe(spot);
});

test('without a device a bed is empty, or its patient is not watched', () => {
  expect(monitoringOf(bed({ hasPatient: false }), NOW)).toBe('empty');
  expect(monitoringOf(bed({}), NOW)).toBe('no-device');
});

test('a device without a patient is watched as any other', () => {
  const device = liveDevice({ data: 'none', lastLiveAt: null, bedSince: NOW - NOT_HEARD_AFTER_MS });
  expect(monitoringOf(bed({ hasPatient: false, device }), NOW)).toBe('not-heard');
});

test('a person who set standby is believed, whatever comes in', () => {
  expect(monitoringOf(bed({ isStandby: true }), NOW)).toBe('standby');
  expect(monitoringOf(bed({ isStandby: true, device: liveDevice({ data: 'refused' }) }), NOW)).toBe('standby');
  expect(monitoringOf(bed({ isStandby: true, hasPatient: false }), NOW)).toBe('empty');
});

test('a device that was never heard is waited for, and after a minute it is not heard', () => {
  const never = (sinceMs: number, change: Partial<LiveDevice> = {}) =>
    withDevice({ data: 'none', lastLiveAt: null, bedSince: NOW - sinceMs, ...change });
  expect(never(0)).toBe('waiting');
  expect(never(NOT_HEARD_AFTER_MS - 1)).toBe('waiting');
  expect(never(NOT_HEARD_AFTER_MS)).toBe('not-heard');
  expect(never(NOT_HEARD_AFTER_MS, { state: 'offline' })).toBe('not-heard');
  expect(never(NOT_HEARD_AFTER_MS, SPOT)).toBe('waiting');
  expect(never(unheardAfterMs(SPOT.intervalMs), SPOT)).toBe('not-heard');
});

test('data that is refused or late is said at once, also of a device that was never heard live', () => {
  const never = { lastLiveAt: null, bedSince: NOW } as const;
  expect(withDevice({ ...never, data: 'refused' })).toBe('refused');
  expect(withDevice({ ...never, data: 'late' })).toBe('late');
});

test('who counts as not watched', () => {
  const unwatched = (Object.keys(MONITORING) as Monitoring[]).filter(isUnwatched);
  expect(unwatched).toEqual(['no-device', 'not-heard', 'late', 'refused', 'lost']);
});
