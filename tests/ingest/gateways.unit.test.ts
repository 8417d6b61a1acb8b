import { beforeEach, expect, test } from 'vitest';
import { createDevices, type Devices } from '../../ingest/devices.ts';
import { createGateways, type Gateways } from '../../ingest/gateways.ts';
import type { DeviceChange } from '../../ingest/live/changes.ts';
import { indexRegistry, type RegistryData } from '../../ingest/registry.ts';

/** The gateways g1, with m1 to m3 listed under it, and g2 with m4. */

const REGISTRY: RegistryData = {
  units: [],
  beds: [],
  gateways: [],
  devices: [],
  patients: [],
  encounters: [],
  assignments: [],
  alarmSettings: [],
};

const LISTED = { g1: ['m1', 'm2', 'm3'], g2: ['m4'] };

let now: number;
let devices: Devices;
let gateways: Gateways;
let lost: Record<string, readonly string[]>;
let told: number;
let seldom: Set<string>;
let states: Record<string, Pick<DeviceChange, 'state' | 'lostWith'>>;

const list = (listed: Readonly<Record<string, readonly string[]>>): void => {
  const data = Object.entries(listed).map(([id, ofIts]) => ({ id, secretHash: '', devices: [...ofIts] }));
  gateways.setRegistry(indexRegistry({ ...REGISTRY, gateways: data }));
};

beforeEach(() => {
  now = 1_000;
  lost = {};
  told = 0;
  seldom = new Set();
  states = {};
  devices = createDevices({
    now: () => now,
    onChange(device, { state, lostWith }) {
      if (state) states[device] = { state, lostWith };
    },
  });
  gateways = createGateways({
    now: () => now,
    devices,
    isContinuous: (device) => !seldom.has(device),
    onLost(gateway, ofIts) {
      lost[gateway] = ofIts;
      told++;
    },
  });
  list(LISTED);
});

const connect = (device: string): void => {
  devices.connected(device);
  gateways.deviceChanged(device);
};
const disconnect = (device: string): void => {
  devices.disconnected(device);
  gateways.deviceChanged(device);
};
const report = (device: string, state: 'online' | 'offline', via?: string): void =>
  devices.reported(device, { state } as Parameters<Devices['reported']>[1], now, via);

test('a device is online with its first message through the gateway, and lost with it when that is lost', () => {
  gateways.connected('g1');
  gateways.heard('g1', 'm1', true);
  expect(states).toEqual({ m1: { state: 'online' } });
  gateways.disconnected('g1');
  expect(states).toEqual({ m1: { state: 'offline', lostWith: 'g1' } });
  expect(lost.g1).toEqual(['m1', 'm2', 'm3']);
  gateways.connected('g1');
  expect(lost.g1).toEqual([]);
  gateways.heard('g1', 'm1', true);
  expect(states).toEqual({ m1: { state: 'online' } });
});

test('the last of several connections counts', () => {
  gateways.connected('g1');
  gateways.connected('g1');
  gateways.disconnected('g1');
  expect(lost.g1).toEqual([]);
  gateways.disconnected('g1');
  expect(lost.g1).toEqual(['m1', 'm2', 'm3']);
});

test('a device that is connected by itself, or last came so, is not lost with its gateway', () => {
  gateways.connected('g1');
  for (const device of ['m1', 'm2', 'm3']) gateways.heard('g1', device, true);
  connect('m1');
  connect('m2');
  gateways.disconnected('g1');
  expect(lost.g1).toEqual(['m3']);
  expect([states.m1?.state, states.m3?.lostWith]).toEqual(['online', 'g1']);
  disconnect('m1');
  expect(lost.g1).toEqual(['m3']);
  expect(states.m1).toEqual({ state: 'offline' });
});

test('a device that connects by itself while its gateway is lost is lost no more', () => {
  gateways.connected('g1');
  gateways.disconnected('g1');
  connect('m2');
  expect(lost.g1).toEqual(['m1', 'm3']);
});

test('a device that ends its own connection and goes on through the gateway came last through that', () => {
  gateways.connected('g1');
  gateways.heard('g1', 'm1', true);
  connect('m1');
  disconnect('m1');
  expect(states.m1?.state).toBe('online');
  gateways.disconnected('g1');
  expect(lost.g1).toEqual(['m1', 'm2', 'm3']);
});

test('what a device says of itself through the gateway is its presence, and it is not lost with the gateway when it was out', () => {
  gateways.connected('g1');
  report('m1', 'online', 'g1');
  report('m2', 'online', 'g1');
  report('m2', 'offline', 'g1');
  gateways.heard('g1', 'm2', true);
  expect([states.m1?.state, states.m2?.state]).toEqual(['online', 'offline']);
  gateways.disconnected('g1');
  expect(lost.g1).toEqual(['m1', 'm3']);
  expect(states.m2).toEqual({ state: 'offline' });
  gateways.connected('g1');
  gateways.heard('g1', 'm2', true);
  expect(states.m2?.state).toBe('online');
});

test('a device that says through the gateway that it is offline is online while it is connected by itself', () => {
  gateways.connected('g1');
  connect('m1');
  report('m1', 'offline', 'g1');
  expect(states.m1?.state).toBe('online');
});

test('after the start a gateway that is not there is lost with its devices, once it is asked again', () => {
  expect(lost).toEqual({ g1: ['m1', 'm2', 'm3'], g2: ['m4'] });
  gateways.connected('g2');
  lost = {};
  gateways.tellAgain();
  expect(lost).toEqual({ g1: ['m1', 'm2', 'm3'], g2: [] });
});

test('a device that is taken off the list of its gateway is offline, and lost with that no more', () => {
  gateways.connected('g1');
  gateways.heard('g1', 'm1', true);
  list({ ...LISTED, g1: ['m2', 'm3'] });
  expect(states.m1).toEqual({ state: 'offline' });
  gateways.disconnected('g1');
  expect(lost.g1).toEqual(['m2', 'm3']);
  list({ g2: ['m4'] });
  expect(lost.g1).toEqual([]);
});

test('nothing is told twice', () => {
  const before = told;
  list(LISTED);
  gateways.connected('g1');
  gateways.heard('g1', 'm1', true);
  gateways.heard('g1', 'm1', true);
  gateways.heard('g1', 'm1', false);
  expect(told).toBe(before + 1);
});

test('what came first through a gateway that is back may have waited for it', () => {
  gateways.connected('g1');
  gateways.heard('g1', 'm1', true);
  now = 5_000;
  gateways.disconnected('g1');
  expect(devices.linkOf('m1')).toEqual({ since: undefined, lostAt: 5_000 });
  now = 9_000;
  gateways.connected('g1');
  now = 9_500;
  gateways.heard('g1', 'm1', true);
  expect(devices.linkOf('m1')).toEqual({ since: 9_500, lostAt: 5_000 });
});

test('it is told since when a gateway is there or gone, and when it was heard', () => {
  expect(gateways.presenceOf('g1')).toEqual({ isConnected: false, since: null, heardAt: null });
  gateways.connected('g1');
  now = 2_000;
  gateways.heard('g1', 'm1', false);
  expect(gateways.presenceOf('g1')).toEqual({ isConnected: true, since: 1_000, heardAt: 2_000 });
  now = 3_000;
  gateways.disconnected('g1');
  expect(gateways.presenceOf('g1')).toEqual({ isConnected: false, since: 3_000, heardAt: 2_000 });
});

/** Everything that a gateway sends for so long, a message of each device a second. */
const pass = (seconds: number, ...sending: string[]): void => {
  for (let second = 0; second < seconds; second++) {
    now += 1_000;
    for (const device of sending) gateways.heard('g1', device, true);
    gateways.check();
  }
};

test('a gateway from whose devices nothing comes any more is not there, and is again with the next message', () => {
  gateways.connected('g1');
  pass(40, 'm1', 'm2', 'm3');
  pass(6);
  expect(lost.g1).toEqual([]);
  pass(1);
  expect(lost.g1).toEqual(['m1', 'm2', 'm3']);
  expect(states.m1).toEqual({ state: 'offline', lostWith: 'g1' });
  expect(gateways.presenceOf('g1').isConnected).toBe(false);
  gateways.heard('g1', 'm2', true);
  expect(lost.g1).toEqual([]);
  expect(states.m2).toEqual({ state: 'online' });
  expect(gateways.presenceOf('g1').isConnected).toBe(true);
});

test('a quiet gateway is lost once, also when its connection is ended at last, and is back with another', () => {
  gateways.connected('g1');
  pass(40, 'm1', 'm2');
  pass(10);
  const before = told;
  gateways.disconnected('g1');
  expect(told).toBe(before);
  gateways.connected('g1');
  expect(lost.g1).toEqual([]);
  pass(40, 'm1', 'm2');
  pass(10);
  gateways.connected('g1');
  gateways.disconnected('g1');
  pass(1);
  expect(lost.g1).toEqual([]);
});

test.each([
  ['while one of them is heard', () => pass(60, 'm2')],
  ['when they were never heard for long', () => pass(1)],
])('a gateway with devices that are silent is there all the same %s', (_when, go) => {
  gateways.connected('g1');
  pass(20, 'm1', 'm2', 'm3');
  go();
  pass(6);
  expect(lost.g1).toEqual([]);
});

test('devices that send seldom, or one alone, say nothing of their gateway', () => {
  seldom = new Set(['m1', 'm2', 'm3']);
  gateways.connected('g1');
  pass(40, 'm1', 'm2', 'm3');
  pass(60);
  expect(lost.g1).toEqual([]);
  list({ g1: ['m1'] });
  seldom = new Set();
  pass(40, 'm1');
  pass(60);
  expect(lost.g1).toEqual([]);
});
