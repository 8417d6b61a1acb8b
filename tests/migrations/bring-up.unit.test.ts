import { expect, test } from 'vitest';
import { UserError } from '#platform/errors.ts';
import { createLog } from '#platform/log.ts';
import { ClaimTakenError } from '#platform/station-claim.ts';
import { createBringUp } from '../../migrations/bring-up.ts';
import type { Patience } from '../../migrations/client.ts';
import { eventually } from '../support/eventually.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const failure = (code: string, message: string): Error => Object.assign(new Error(message), { code });

/** Longer than a known ward waits at its start, and than it waits between two tries. */
const A_WHILE_MS = 15_000;

const bringUpOf = ({
  isKnown = true,
  acquire = async () => {},
  migrate = async () => ({ level: 'postgresql' as const }),
}: {
  isKnown?: boolean;
  acquire?: () => Promise<void>;
  migrate?: (options: { patience: Patience }) => Promise<{ level: 'postgresql' }>;
}) => {
  const ready: string[] = [];
  const clock = createFakeClock();
  const bringUp = createBringUp({
    databaseUrl: 'postgres://ward@db.example/vitals',
    claim: { acquire },
    migrate,
    onReady: async (level) => void ready.push(level),
    knowsItsDevices: isKnown,
    log: createLog({ level: 'silent' }),
    clock,
  });
  /** Lets time pass until that holds. */
  const whenLater = (check: () => void) =>
    eventually(() => {
      clock.advance(A_WHILE_MS);
      check();
    });
  return { bringUp, ready, clock, whenLater };
};

test('a database that is there is ready, once', async () => {
  const { bringUp, ready } = bringUpOf({});
  expect(await bringUp.start()).toBe('postgresql');
  expect({ ready, trouble: bringUp.trouble() }).toEqual({ ready: ['postgresql'], trouble: undefined });
});

test('a migration that waits for a lock keeps no known ward dark, and is taken into use when it is through', async () => {
  let release = () => {};
  const migrate = () =>
    new Promise<{ level: 'postgresql' }>((resolve) => {
      release = () => resolve({ level: 'postgresql' });
    });
  const { bringUp, ready, clock } = bringUpOf({ migrate });
  const starting = bringUp.start();
  clock.advance(A_WHILE_MS);
  expect(await starting).toBe('away');
  expect(bringUp.trouble()).toContain('takes long');
  release();
  await eventually(() => expect(ready).toEqual(['postgresql']));
  expect(bringUp.trouble()).toBeUndefined();
  await bringUp.stop();
  expect(clock.pending()).toBe(0);
});

test('what is wrong is named while it is tried again', async () => {
  let tries = 0;
  const migrate = async () => {
    tries++;
    if (tries < 2) throw failure('55P03', 'canceling statement due to lock timeout');
    return { level: 'postgresql' as const };
  };
  const { bringUp, ready, whenLater } = bringUpOf({ migrate });
  expect(await bringUp.start()).toBe('away');
  expect(bringUp.trouble()).toMatch(/something else holds a lock .*pg_stat_activity/);
  await whenLater(() => expect(ready).toEqual(['postgresql']));
  await bringUp.stop();
});

test.each([
  ['a password that is wrong', failure('28P01', 'password authentication failed')],
  ['rights that are missing', failure('42501', 'permission denied for schema public')],
])('%s keeps no known ward dark; a new one is told and does not start', async (_, error) => {
  const migrate = () => Promise.reject(error);
  const known = bringUpOf({ migrate });
  expect(await known.bringUp.start()).toBe('away');
  await known.bringUp.stop();
  await expect(bringUpOf({ migrate, isKnown: false }).bringUp.start()).rejects.toThrow(UserError);
  await expect(bringUpOf({ migrate, isKnown: false }).bringUp.start()).rejects.toThrow(/the role ward/);
});

test('a try is given the patience of the ward: a known one waits for no lock for long', async () => {
  const patience: number[] = [];
  const migrate = async (options: { patience: Patience }) => {
    patience.push(options.patience.lockMs);
    expect(options.patience.statementMs).toBeGreaterThan(options.patience.lockMs);
    return { level: 'postgresql' as const };
  };
  for (const isKnown of [true, false]) await bringUpOf({ migrate, isKnown }).bringUp.start();
  expect(patience[0]).toBeLessThan(10_000);
  expect(patience[1]).toBeGreaterThanOrEqual(60_000);
});

test('another station on the database refuses the start, also of a known ward', async () => {
  const taken = new ClaimTakenError('another station is running on this database');
  const { bringUp, ready } = bringUpOf({ acquire: () => Promise.reject(taken) });
  await expect(bringUp.start()).rejects.toBe(taken);
  expect(ready).toEqual([]);
});

test('another station that is found later is told, and nothing is taken into use until it is gone', async () => {
  let answer: () => Promise<void> = () => Promise.reject(failure('ECONNREFUSED', 'connect ECONNREFUSED'));
  const { bringUp, ready, whenLater } = bringUpOf({ acquire: () => answer() });
  expect(await bringUp.start()).toBe('away');
  answer = () => Promise.reject(new ClaimTakenError('another station is running on this database (pid 7)'));
  await whenLater(() => expect(bringUp.trouble()).toContain('another station is running on this database (pid 7)'));
  expect(ready).toEqual([]);
  answer = async () => {};
  await whenLater(() => expect(ready).toEqual(['postgresql']));
  await bringUp.stop();
});
