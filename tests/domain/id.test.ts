import { expect, test } from 'vitest';
import { Id, NewId } from '#domain/id.ts';

const LONGEST = 'x'.repeat(64);

test.each(['icu', 'ICU_1', 'bed-01', '7', LONGEST])('%s may be given, and is read', (id) => {
  expect(NewId.parse(id)).toBe(id);
  expect(Id.parse(id)).toBe(id);
});

test.each(['icu.east', 'monitor.', '1.2.3'])('%s is read as before, and given to nothing new: it holds a dot', (id) => {
  expect(Id.parse(id)).toBe(id);
  expect(NewId.safeParse(id).error?.issues[0]?.message).toMatch(/may hold no dot/);
});

test.each(['', '-icu', '.icu', 'a/b', 'a+b', '#', 'ü', `${LONGEST}x`])('"%s" is no id, neither old nor new', (id) => {
  expect(Id.safeParse(id).success).toBe(false);
  expect(NewId.safeParse(id).success).toBe(false);
});
