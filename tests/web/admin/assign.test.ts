import { expect, it } from 'vitest';
import { findDevice, replacedBy } from '../../../web/admin/assign.tsx';
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

it('a device takes the place of those of its role, and of no other', () => {
  const vent = { ...row('vent-1'), device: { ...row('vent-1').device, role: 'ventilator' as const } };
  const bed = { id: 'b1', unit: 'icu', label: '1' };
  const there = {
    bed,
    unitName: 'Intensive care',
    patient: undefined,
    encounter: undefined,
    devices: [row('mon-1'), vent],
  };
  expect(replacedBy(row('mon-10'), there)).toEqual(['mon-1']);
  expect(replacedBy(row('mon-1'), there)).toEqual([]);
  expect(replacedBy(undefined, there)).toEqual([]);
});
