import { expect, test } from 'vitest';
import { createSelfWatch, type Descriptors, readDescriptors } from '#platform/self-watch.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const SECOND = 1_000;
const MINUTE = 60_000;

/** A process whose clocks a test moves. */
const watched = (descriptors: Descriptors | undefined = { used: 20, limit: 1_024 }) => {
  const clock = createFakeClock(Date.UTC(2026, 10, 22, 8));
  const watch = createSelfWatch({ clock, descriptors: async () => descriptors });
  const pass = async (ms: number, wallMs = ms) => {
    clock.advance(ms);
    clock.putForward(wallMs - ms);
    await watch.look();
  };
  return { watch, pass };
};

test('a process of which all is well has nothing to tell, also when NTP slews its clock', async () => {
  const { watch, pass } = watched();
  for (let second = 0; second < 60; second++) await pass(SECOND, SECOND + 0.5);
  expect(watch.troubles()).toEqual([]);
  expect(watch.isStuck()).toBe(false);
});

test('a step of the clock is told, by how much and for a quarter of an hour', async () => {
  const { watch, pass } = watched();
  await pass(SECOND);
  await pass(SECOND, SECOND - 62 * SECOND);
  expect(watch.troubles()).toEqual([expect.stringMatching(/clock was stepped by −62\.0 s at 2026-11-22T07:59:00/)]);
  for (let minute = 0; minute < 14; minute++) await pass(MINUTE);
  expect(watch.troubles()).toContainEqual(expect.stringContaining('stepped'));
  await pass(2 * MINUTE);
  expect(watch.troubles()).not.toContainEqual(expect.stringContaining('stepped'));
});

test('descriptors near their limit are told, with what to raise', async () => {
  const { watch, pass } = watched({ used: 930, limit: 1_024 });
  await pass(SECOND);
  expect(watch.troubles()).toEqual([
    expect.stringMatching(/^930 of 1024 file descriptors are in use: raise the limit/),
  ]);
});

test('where the system does not tell of descriptors nothing is said of them', async () => {
  const watch = createSelfWatch({ clock: createFakeClock(), descriptors: async () => undefined });
  await watch.look();
  expect(watch.troubles()).toEqual([]);
});

test('an event loop that stood still serves nobody, and is told for ten seconds', async () => {
  const { watch, pass } = watched();
  await pass(SECOND);
  await pass(9 * SECOND);
  expect(watch.isStuck()).toBe(true);
  expect(watch.troubles()).toEqual(['the station stood still for 8.0 s']);
  for (let second = 0; second < 11; second++) await pass(SECOND);
  expect(watch.isStuck()).toBe(false);
});

test('this process knows how many descriptors it has', async ({ skip }) => {
  skip(process.platform !== 'linux', 'only Linux tells');
  const { used, limit } = (await readDescriptors()) ?? { used: 0, limit: 0 };
  expect(used).toBeGreaterThan(3);
  expect(limit).toBeGreaterThan(used);
});

test('it looks by itself, can be started twice and stopped twice', async () => {
  const clock = createFakeClock();
  const watch = createSelfWatch({ clock, descriptors: async () => undefined });
  watch.start();
  watch.start();
  expect(clock.pending()).toBe(1);
  expect(watch.troubles()).toEqual([]);
  clock.putForward(MINUTE);
  clock.advance(SECOND);
  expect(watch.troubles()).toEqual([expect.stringContaining('stepped by +60.0 s')]);
  watch.stop();
  watch.stop();
  expect(clock.pending()).toBe(0);
});
