import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PRESETS } from '#domain/alarms/settings.ts';
import { indexRegistry, RegistryData } from '../../ingest/registry.ts';

const hash = (secret: string): string => createHash('sha256').update(secret).digest('hex');

const EMPTY: RegistryData = {
  units: [],
  beds: [],
  devices: [],
  gateways: [],
  patients: [],
  encounters: [],
  assignments: [],
  alarmSettings: [],
};

const REGISTRY: RegistryData = {
  ...EMPTY,
  devices: [{ id: 'm1', unit: 'icu', secretHash: hash('right') }],
  assignments: [
    { device: 'm1', bed: 'b2', start: 200, end: null },
    { device: 'm1', bed: 'b1', start: 100, end: 150 },
  ],
  encounters: [
    { id: 3, patient: 1, bed: 'b2', start: 250, end: null },
    { id: 2, patient: 2, bed: 'b1', start: 120, end: 140 },
    { id: 1, patient: 1, bed: 'b1', start: 0, end: 120 },
  ],
};

test.each([
  [50, null, null],
  [100, 'b1', 1],
  [119, 'b1', 1],
  [120, 'b1', 2],
  [140, 'b1', null],
  [150, null, null],
  [200, 'b2', null],
  [250, 'b2', 3],
  [1e12, 'b2', 3],
])('at %i the device is at bed %s in encounter %s', (time, bed, encounter) => {
  expect(indexRegistry(REGISTRY).sourceAt('m1', time)).toEqual({ device: 'm1', bed, encounter });
});

test('what was asked before does not change an answer, and equal sources are one object', () => {
  const time = fc.integer({ min: 0, max: 300 });
  fc.assert(
    fc.property(fc.array(time, { maxLength: 30 }), time, (asked, last) => {
      const registry = indexRegistry(REGISTRY);
      for (const earlier of asked) registry.sourceAt('m1', earlier);
      expect(registry.sourceAt('m1', last)).toEqual(indexRegistry(REGISTRY).sourceAt('m1', last));
      expect(registry.sourceAt('m1', last)).toBe(registry.sourceAt('m1', last));
    }),
  );
});

test('a gateway has a secret of its own, and the devices that are listed under it', () => {
  const gateways = [{ id: 'g1', secretHash: hash('its own'), devices: ['m1', 'm3'] }];
  const registry = indexRegistry({ ...REGISTRY, gateways });
  expect(registry.authenticate('g1', Buffer.from('its own'))).toBe(true);
  expect(registry.authenticate('g1', Buffer.from('right'))).toBe(false);
  expect(registry.authenticate('m1', Buffer.from('its own'))).toBe(false);
  expect(registry.gateway('g1')?.devices).toEqual(['m1', 'm3']);
  expect([registry.gateway('m1'), registry.device('g1')]).toEqual([undefined, undefined]);
  expect(['m1', 'm2', 'm3'].map(registry.gatewayOf)).toEqual(['g1', undefined, 'g1']);
});

test('only the secret that a device was given lets it in', () => {
  const registry = indexRegistry(REGISTRY);
  expect(registry.authenticate('m1', Buffer.from('right'))).toBe(true);
  expect(registry.authenticate('m1', Buffer.from('wrong'))).toBe(false);
  expect(registry.authenticate('m1', Buffer.alloc(0))).toBe(false);
  expect(registry.authenticate('m2', Buffer.from('right'))).toBe(false);
});

const setting = (version: number, scope: object, low: number) => ({
  version,
  unit: null,
  ageGroup: null,
  encounter: null,
  overrides: { vitals: { spo2: { low } } },
  ...scope,
});

const WITH_SETTINGS = RegistryData.parse({
  ...REGISTRY,
  beds: ['b1', 'b2', 'b3'].map((id) => ({ id, unit: id === 'b3' ? 'ward' : 'icu', label: id })),
  patients: [
    { id: 1, name: 'Ada', ageGroup: 'neonatal' },
    { id: 2, name: 'Grace', ageGroup: 'adult' },
  ],
  alarmSettings: [
    setting(4, { unit: 'icu', ageGroup: 'adult' }, 91),
    setting(5, { unit: 'icu', ageGroup: 'neonatal' }, 89),
    setting(7, { encounter: 3 }, 87),
  ],
});

test.each([
  ['the preset for adults, when nobody is there and the unit has no settings', 'b3', 300, null, null, 'adult', 90],
  ['the settings of the unit for adults, when nobody is there', 'b1', 500, 4, null, 'adult', 91],
  ['the settings of the unit for the age group of the patient', 'b1', 100, 5, null, 'neonatal', 89],
  ['the settings of the stay before those of the unit', 'b2', 300, 5, 7, 'neonatal', 87],
  ['no settings of a stay before it began', 'b2', 200, 4, null, 'adult', 91],
] as const)('a bed has %s', (_, bed, time, unit, patient, preset, low) => {
  const registry = indexRegistry(WITH_SETTINGS);
  const config = registry.configOf(bed, time);
  expect(config.version).toMatchObject({ preset, unit, patient });
  expect(config.vitals.spo2.low).toBe(low);
  expect(config.vitals['heart-rate']).toEqual(PRESETS[preset].vitals['heart-rate']);
  expect(registry.configOf(bed, time)).toBe(config);
});

test('a copy of the registry from before there were alarm settings and gateways is read', () => {
  const { alarmSettings: _, gateways: __, ...older } = REGISTRY;
  expect(RegistryData.parse(older)).toEqual(REGISTRY);
});
