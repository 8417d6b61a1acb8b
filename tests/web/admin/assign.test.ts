import { expect, it } from 'vitest';
import { findDevice } from '../../../web/admin/assign.tsx';
import type { DeviceRow } from '../../../web/admin/overview.ts';

const row = (id: string): DeviceRow => ({
  device: { id, unit: 'icu', role: 'monitor', model: null, firmware: null, intervalMs: null, bed: null },
  unitName: 'Intensive care',
  bed: undefined,
  assignment: undefined,
  hearing: { state: 'online', since: null },
});

const devices = [row('mon-1'), row('Mon-2'), row('mon-2'), row('mon-10')];

it.each([
  ['mon-1', 'mon-1'],
  [' mon-1\t', 'mon-1'],
  ['MON-1', 'mon-1'],
  ['Mon-2', 'Mon-2'],
  ['mon-10', 'mon-10'],
])('what is scanned as %j is device %s', (scanned, id) => {
  expect(findDevice(devices, scanned)?.device.id).toBe(id);
});

it.each(['MON-2', 'mon-', '', 'mon-1mon-1'])('what is scanned as %j is no device for certain', (scanned) => {
  expect(findDevice(devices, scanned)).toBeUndefined();
});
