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
  // Three quarters of it are for what is as large as this.
  const hold = createHold({ maxBytes: 133 * KIB, maxBytesOfOne: 60 * KIB, maxBytesOfMany: 2 ** 30 });
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
  const take = (owner: string, carrier?: string) => hold.take(owner, 4 * KIB, (done) => release.push(done), carrier);
  const taken = Array.from({ length: 80 }, (_, count) => take(`m${count}`, 'g1'));
  expect(taken.filter(Boolean)).toHaveLength(40);
  expect([take('m1'), take('m90', 'g2')]).toEqual([true, true]);
  release[0]?.();
  expect([take('m91', 'g1'), take('m92', 'g1')]).toEqual([true, false]);
});

test('backlogs wait for turns of a few milliseconds, and what is small is taken at once between them', async () => {
  const hold = createHold({ maxBytes: 2 ** 30, maxBytesOfOne: 2 ** 30, maxBytesOfMany: 2 ** 30 });
  const begun: string[] = [];
  const work = (name: string) => (done: () => void) => {
    begun.push(name);
    for (const until = performance.now() + 5; performance.now() < until; );
    done();
  };
  for (let count = 0; count < 10; count++) hold.take(`backlog-${count}`, 60 * KIB, work('backlog'));
  expect(begun).toEqual([]);
  await nextTurn();
  expect(begun).toEqual(['backlog']);
  hold.take('bed', 200, work('bed'));
  expect(begun).toEqual(['backlog', 'bed']);
  while (hold.held() > 0) await nextTurn();
  expect(begun).toHaveLength(11);
});

test('a backlog waits behind what its own device sent before it, and is taken while that is being stored', async () => {
  const hold = createHold({ maxBytes: 2 ** 30, maxBytesOfOne: 2 ** 30, maxBytesOfMany: 2 ** 30 });
  const begun: number[] = [];
  const take = (bytes: number) => hold.take('a', bytes, () => begun.push(bytes));
  take(1);
  take(20 * KIB);
  take(2);
  expect(begun).toEqual([1]);
  while (begun.length < 3) await nextTurn();
  expect(begun).toEqual([1, 20 * KIB, 2]);
});

test('backlogs leave room for what is measured now', () => {
  const hold = createHold({ maxBytes: 100 * KIB, maxBytesOfOne: 2 ** 30, maxBytesOfMany: 2 ** 30 });
  const take = (owner: string, bytes: number) => hold.take(owner, bytes, () => undefined);
  const backlogs = Array.from({ length: 20 }, (_, count) => take(`backlog-${count}`, 9 * KIB));
  expect(backlogs.filter(Boolean)).toHaveLength(7);
  const beds = Array.from({ length: 20 }, (_, count) => take(`bed-${count}`, 200));
  expect(beds.every(Boolean)).toBe(true);
});
