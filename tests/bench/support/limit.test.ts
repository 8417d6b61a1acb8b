import { expect, test } from 'vitest';
import { limitOf, type Usage, unquietOf } from '../../../bench/support/limit.ts';

const CALM: Usage = {
  seconds: 10,
  cores: 2,
  stationThreads: { main: 40, 'thread node': 6 },
  processes: { station: { all: 50, busiest: 50 }, load: { all: 20, busiest: 20 } },
  stationWaitedForCore: 2,
  idle: 90,
  diskWait: 3,
  stolen: 0,
  others: 2,
  databaseWaits: { nothing: 30, ClientRead: 70 },
};

test('when nothing is near its end the load was the limit, and the busiest thread is told', () => {
  expect(limitOf(CALM)).toBe('nothing, the load was the limit (busiest: station main thread 40 % of a core)');
});

test('a thread that has no time left is the limit, and a process of several threads is not taken for one', () => {
  expect(limitOf({ ...CALM, stationThreads: { main: 94 } })).toBe('station main thread 94 % of a core');
  const processes = { station: { all: 120, busiest: 120 }, 'database backend': { all: 130, busiest: 98 } };
  expect(limitOf({ ...CALM, processes })).toBe('database backend 98 % of a core');
});

test('a station that could run and had no core, or a machine without idle time, is the limit of the machine', () => {
  const starved = { ...CALM, stationThreads: { main: 60 }, stationWaitedForCore: 30, others: 120, stolen: 5 };
  expect(limitOf(starved)).toBe(
    "the machine's 2 cores: station main thread 60 % of one and 30 % without one, other programs 125 %",
  );
  expect(limitOf({ ...CALM, idle: 10 })).toMatch(/^the machine's 2 cores/);
});

test('a wait of the database is the limit when it is seen often, and waiting for us is none of its waits', () => {
  const waits = { ...CALM, databaseWaits: { WALSync: 62, ClientRead: 38 } };
  expect(limitOf(waits)).toBe('the database, which waits for WALSync 62 % of the time');
});

test('a core that waits for the disk is told when nothing else is the limit', () => {
  expect(limitOf({ ...CALM, diskWait: 40 })).toBe('the disk: a core waits for it 40 % of the time');
});

test('a machine is quiet when others use little, nothing is stolen and the load before was low', () => {
  expect(unquietOf(CALM, 0.4)).toBeUndefined();
  expect(unquietOf({ ...CALM, others: 35, stolen: 4 }, 1.6)).toBe(
    'other programs used 35 % of a core, 4 % of a core was stolen by the host, the load before was 1.6',
  );
});
