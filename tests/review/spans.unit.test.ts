import { expect, test } from 'vitest';
import { intersect, lengthOf, type Span, subtract, union } from '../../review/spans.ts';

const spans = (...pairs: readonly (readonly [number, number])[]): Span[] => pairs.map(([from, to]) => ({ from, to }));

test('spans that overlap, touch or are near enough become one', () => {
  expect(union(spans([5, 9], [0, 2], [2, 3], [8, 10]))).toEqual(spans([0, 3], [5, 10]));
  expect(union(spans([0, 2], [5, 9]), 3)).toEqual(spans([0, 9]));
});

test('what is in both, also a moment', () => {
  expect(intersect(spans([0, 10], [20, 30]), spans([5, 25], [30, 40]))).toEqual(spans([5, 10], [20, 25], [30, 30]));
  expect(intersect(spans([0, 10]), [])).toEqual([]);
});

test('what is left', () => {
  expect(subtract(spans([0, 10]), spans([2, 3], [5, 7]))).toEqual(spans([0, 2], [3, 5], [7, 10]));
  expect(subtract(spans([0, 10]), spans([-5, 2], [8, 20]))).toEqual(spans([2, 8]));
  expect(subtract(spans([0, 10], [20, 30]), spans([5, 25]))).toEqual(spans([0, 5], [25, 30]));
  expect(subtract(spans([0, 10]), spans([0, 10]))).toEqual([]);
  expect(subtract(spans([4, 4]), spans([0, 10]))).toEqual([]);
  expect(subtract(spans([4, 4]), spans([5, 10]))).toEqual(spans([4, 4]));
});

test('for whole numbers they are sets of moments: each is left, or taken, or in both', () => {
  const one = spans([0, 7], [10, 12], [11, 20]);
  const other = spans([3, 5], [12, 15], [19, 30]);
  expect(lengthOf(subtract(one, other)) + lengthOf(intersect(one, other))).toBe(lengthOf(union(one)));
});
