import { expect, test } from 'vitest';
import { createHold } from '../../broker/hold.ts';

const KIB = 1_024;
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

test('one owner has a few messages in hand, the others take theirs at once', async () => {
  const hold = createHold({ maxBytes: 2 ** 30, maxBytesOfOne: 2 ** 30, maxBytesOfMany: 2 ** 30 });
  const begun: { owner: string; done: () => void }[] = [];
  const take = (owner: string) => hold.take(owner, 10, (done) => begun.push({ owner, done }));
  for (let count = 0; count < 1_000; count++) take('fast');
  const inHand = begun.length;
  expect(inHand).toBeLessThan(64);
  take('slow');
  expect(begun.at(-1)?.owner).toBe('slow');
  expect(hold.held()).toBe(1_001);
  while (hold.held() > 0) {
    for (const { done } of begun.splice(0)) done();
    await nextTurn();
  }
  expect(begun).toEqual([]);
});

test('the messages of an owner keep their order', async () => {
  const hold = createHold({ maxBytes: 2 ** 30, maxBytesOfOne: 2 ** 30, maxBytesOfMany: 2 ** 30 });
  const order: number[] = [];
  for (let count = 0; count < 500; count++) {
    hold.take('a', 10, (done) => {
      order.push(count);
      setImmediate(done);
    });
  }
  while (hold.held() > 0) await nextTurn();
  expect(order).toEqual(Array.from({ length: 500 }, (_, index) => index));
});

test('owners whose messages wait take turns', async () => {
  const hold = createHold({ maxBytes: 2 ** 30, maxBytesOfOne: 2 ** 30, maxBytesOfMany: 2 ** 30 });
  const begun: string[] = [];
  const release: (() => void)[] = [];
  const take = (owner: string) =>
    hold.take(owner, 60 * KIB, (done) => {
      begun.push(owner);
      release.push(done);
    });
  for (const owner of ['a', 'a', 'a', 'b', 'b', 'b']) take(owner);
  while (hold.held() > 0) {
    for (const done of release.splice(0)) done();
    await nextTurn();
  }
  expect(begun).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
});

test('what is held is bounded by owner and in all, with what is only being received', () => {
  const hold = createHold({ maxBytes: 100 * KIB, maxBytesOfOne: 60 * KIB, maxBytesOfMany: 2 ** 30 });
  expect(hold.take('a', 50 * KIB, () => undefined)).toBe(true);
  expect(hold.take('a', 50 * KIB, () => undefined)).toBe(false);
  expect(hold.gather('b', 40 * KIB)).toBe(true);
  expect(hold.take('b', 20 * KIB, () => undefined)).toBe(false);
  expect(hold.gather('c', 20 * KIB)).toBe(false);
  expect(hold.gather('b', -40 * KIB)).toBe(true);
  expect(hold.gather('c', 20 * KIB)).toBe(true);
});

test('what comes through one carrier is bounded, whosever it is, and what comes otherwise has room', () => {
  const hold = createHold({ maxBytes: 1_000 * KIB, maxBytesOfOne: 100 * KIB, maxBytesOfMany: 200 * KIB });
  const release: (() => void)[] = [];
  const take = (owner: string, carrier?: string) => hold.take(owner, 9 * KIB, (done) => release.push(done), carrier);
  const taken = Array.from({ length: 40 }, (_, count) => take(`m${count}`, 'g1'));
  expect(taken.filter(Boolean)).toHaveLength(20);
  expect([take('m1'), take('m50', 'g2')]).toEqual([true, true]);
  release[0]?.();
  expect([take('m60', 'g1'), take('m61', 'g1')]).toEqual([true, false]);
});
