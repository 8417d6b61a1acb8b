import { expect, test } from 'vitest';
import {
  afterMillisecond,
  beforeMillisecond,
  compareByMoment,
  compareMoments,
  firstMessageFrom,
  isBefore,
  type Moment,
  nextMessage,
  readMoment,
  writeMoment,
} from '#domain/moment.ts';

const MS = Date.UTC(2026, 10, 22, 8);

/** The messages of a device that all arrive in one millisecond. */
const flood = (count: number): Moment[] => {
  const moments = [readMoment(MS)];
  for (let last = readMoment(MS); moments.length < count; moments.push(last)) last = nextMessage(last);
  return moments;
};

test('within a millisecond messages come in their order, then what else is told, then the messages of the next', () => {
  const [first, second] = flood(2);
  const expected = [
    beforeMillisecond(MS),
    first,
    second,
    afterMillisecond(MS),
    readMoment(MS + 1),
    afterMillisecond(MS + 1),
  ] as Moment[];
  expect([...expected].reverse().sort(compareMoments)).toEqual(expected);
  for (const [place, moment] of expected.entries()) {
    expect(expected.map((other) => isBefore(moment, other))).toEqual(expected.map((_, other) => place < other));
  }
});

test('a moment is the same whenever within its millisecond an input comes', () => {
  expect(afterMillisecond(MS + 0.3)).toEqual(afterMillisecond(MS));
  expect(beforeMillisecond(MS + 0.3)).toEqual(beforeMillisecond(MS));
  expect(beforeMillisecond(MS + 1)).toEqual(afterMillisecond(MS));
});

test('it is written as it is in every database there is: milliseconds, and the order as their fraction', () => {
  expect(writeMoment(readMoment(MS))).toBe(MS);
  expect(writeMoment(afterMillisecond(MS))).toBe(MS + 0.5);
  expect(writeMoment(beforeMillisecond(MS))).toBe(MS - 0.5);
  expect(flood(4).map(writeMoment)).toEqual([MS, MS + 0.001, MS + 0.002, MS + 0.003]);
});

test('every order is read as it was written, and numbers sort as their moments do', () => {
  const moments = Array.from({ length: 2_000 }, (_, place): Moment => {
    const order = place % 1_000;
    return { ms: MS + (place - order) / 1_000, order };
  });
  const written = moments.map(writeMoment);
  expect(written.map(readMoment)).toEqual(moments);
  expect([...written].sort((one, other) => one - other)).toEqual(written);
  const things = written.map((at) => ({ at }));
  expect([...things].reverse().sort(compareByMoment)).toEqual(things);
});

test('a number that a sum of fractions has made inexact is read as the moment that it stands for', () => {
  expect(readMoment(MS + 0.1 + 0.2)).toEqual({ ms: MS, order: 300 });
  expect(readMoment(MS + 0.999_9)).toEqual({ ms: MS + 1, order: 0 });
  expect(readMoment(0)).toEqual({ ms: 0, order: 0 });
  expect(readMoment(-0.5)).toEqual({ ms: -1, order: 500 });
});

test('however many messages arrive in a millisecond, none comes after an input of its millisecond, and each has its own place', () => {
  const moments = flood(1_200);
  expect(new Set(moments.map(writeMoment)).size).toBe(moments.length);
  for (const moment of moments) expect(isBefore(moment, afterMillisecond(moment.ms))).toBe(true);
  expect(moments.at(-1)?.ms).toBe(MS + 2);
});

test('a message that something is told before has a place with room before it, and after the message before', () => {
  const [first, second] = flood(2) as [Moment, Moment];
  expect(firstMessageFrom(first)).toEqual(first);
  const moment = firstMessageFrom(second);
  expect(moment).toEqual(readMoment(MS + 1));
  const told = beforeMillisecond(writeMoment(moment));
  expect([isBefore(first, told), isBefore(told, moment)]).toEqual([true, true]);
});
