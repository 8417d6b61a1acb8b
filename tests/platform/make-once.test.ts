import { expect, test } from 'vitest';
import { makeOnce } from '#platform/make-once.ts';

test('what is made of an object is made once, also when it is nothing', () => {
  const asked: object[] = [];
  const one = {};
  const other = {};
  const sizeOf = makeOnce((key: object) => {
    asked.push(key);
    return key === one ? 1 : undefined;
  });
  expect([one, other, one, other].map(sizeOf)).toEqual([1, undefined, 1, undefined]);
  expect(asked).toEqual([one, other]);
});
