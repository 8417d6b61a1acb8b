import { expect, test } from 'vitest';
import { backoffDelayMs, sleep, within } from '#platform/backoff.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** Whether it has resolved by the next turn, and with what. */
const stateOf = async <Result>(promise: Promise<Result>): Promise<{ readonly is: Result } | 'waiting'> => {
  let state: { readonly is: Result } | 'waiting' = 'waiting';
  void promise.then((is) => {
    state = { is };
  });
  await nextTurn();
  return state;
};

test('each wait is twice as long as the one before, up to the longest, and a part of it is left to chance', () => {
  const backoff = { firstMs: 100, maxMs: 1_000 };
  const longest = [0, 1, 2, 3, 4, 50].map((attempt) => backoffDelayMs(backoff, attempt, () => 1));
  expect(longest).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  expect(backoffDelayMs(backoff, 1, () => 0)).toBe(100);
});

test('a sleep ends when its time is over, and not before', async () => {
  const clock = createFakeClock();
  const sleeping = sleep(1_000, undefined, clock);
  clock.advance(999);
  expect(await stateOf(sleeping)).toBe('waiting');
  clock.advance(1);
  expect(await stateOf(sleeping)).toEqual({ is: undefined });
});

test('a sleep that is aborted ends at once and leaves no timer, and so does one that is aborted before it begins', async () => {
  const clock = createFakeClock();
  const abort = new AbortController();
  const sleeping = sleep(1_000, abort.signal, clock);
  expect(clock.pending()).toBe(1);
  abort.abort();
  expect(await stateOf(sleeping)).toEqual({ is: undefined });
  expect(await stateOf(sleep(1_000, abort.signal, clock))).toEqual({ is: undefined });
  expect(clock.pending()).toBe(0);
});

test('what is waited for within a time is answered when it comes, as what it comes to, and leaves no timer', async () => {
  const clock = createFakeClock();
  expect(await within(1_000, Promise.resolve('it'), clock)).toBe('it');
  await expect(within(1_000, Promise.reject(new Error('broken')), clock)).rejects.toThrow('broken');
  expect(clock.pending()).toBe(0);
});

test('what takes longer is not waited for, and may fail later without anybody being hurt', async () => {
  const clock = createFakeClock();
  let fail = (_: Error): void => {};
  const work = new Promise<string>((_, reject) => {
    fail = reject;
  });
  const waiting = within(1_000, work, clock);
  clock.advance(1_000);
  expect(await waiting).toBeUndefined();
  fail(new Error('too late'));
  await nextTurn();
  expect(clock.pending()).toBe(0);
});
