import { expect, test } from 'vitest';
import { dispatch, type Handlers } from '#domain/dispatch.ts';

type Shape = { readonly type: 'circle'; readonly radius: number } | { readonly type: 'square'; readonly side: number };

const area: Handlers<Shape, [scale: number], number> = {
  circle: ({ radius }, scale) => 3 * radius * radius * scale,
  square: ({ side }, scale) => side * side * scale,
};

test('each thing meets the handler of its own type, with what else is given', () => {
  expect(dispatch(area, { type: 'circle', radius: 2 }, 10)).toBe(120);
  expect(dispatch(area, { type: 'square', side: 2 }, 10)).toBe(40);
});
