import { expect, it } from 'vitest';
import type { Desk } from '../../../web/admin/desk.ts';
import { choosable, presenceText } from '../../../web/admin/gateways.tsx';
import { adminText } from '../../../web/admin/text/language.ts';
import { voiceOf } from '../../../web/shell/text/language.ts';

const gateway = (id: string, devices: string[]) =>
  ({ id, unit: null, devices, state: 'unknown', since: null, lastHeardAt: null }) as const;
const device = (id: string) => ({
  id,
  unit: 'icu',
  role: 'monitor' as const,
  model: null,
  firmware: null,
  intervalMs: null,
  bed: null,
});

it('a gateway may be given each device that is on no other list, and keeps its own', () => {
  const registry = {
    devices: ['m1', 'm2', 'm3'].map(device),
    gateways: [gateway('g1', ['m1']), gateway('g2', ['m2'])],
  };
  expect(choosable(registry, undefined)).toEqual(['m3']);
  expect(choosable(registry, 'g1')).toEqual(['m1', 'm3']);
});

it('how a gateway is, is told in words, with when it was last heard', () => {
  const desk = { text: adminText('en'), voice: voiceOf('en'), now: () => 600_000 } as Desk;
  const told = (state: 'online' | 'offline' | 'unknown', since: number | null, lastHeardAt: number | null) =>
    presenceText({ ...gateway('g1', []), state, since, lastHeardAt }, desk);
  expect(told('unknown', null, null)).toBe('Not heard yet');
  expect(told('online', 0, 599_000)).toBe('Online · last heard 1 sec ago');
  expect(told('offline', 0, 0)).toBe('Offline 10 min · last heard 10 min ago');
});
