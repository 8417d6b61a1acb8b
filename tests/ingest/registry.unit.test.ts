import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexRegistry, type RegistryData } from '../../ingest/registry.ts';

const hash = (secret: string): string => createHash('sha256').update(secret).digest('hex');

const EMPTY: RegistryData = { units: [], beds: [], devices: [], patients: [], encounters: [], assignments: [] };

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

test('only the secret that a device was given lets it in', () => {
  const registry = indexRegistry(REGISTRY);
  expect(registry.authenticate('m1', Buffer.from('right'))).toBe(true);
  expect(registry.authenticate('m1', Buffer.from('wrong'))).toBe(false);
  expect(registry.authenticate('m1', Buffer.alloc(0))).toBe(false);
  expect(registry.authenticate('m2', Buffer.from('right'))).toBe(false);
});
