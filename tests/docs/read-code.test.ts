import { describe, expect, test } from 'vitest';
import { importCycles } from '../support/code/import-cycles.ts';
import { readSource } from '../support/code/read-code.ts';

describe('what the guards read of a source file', () => {
  test('functions are named and measured, also those within others', () => {
    const { functions, lines } = readSource(
      'a/b.ts',
      [
        'export const outer = () => {',
        '  function inner() {',
        '    return 1;',
        '  }',
        '  return inner;',
        '};',
        '',
      ].join('\n'),
    );
    expect(lines).toBe(6);
    expect(functions).toEqual([
      { name: 'outer', line: 1, lines: 6 },
      { name: 'inner', line: 2, lines: 3 },
    ]);
  });

  test('a callback is named by what it is handed to, a verb by its key', () => {
    const { functions } = readSource('a.ts', `on.start('x', () => 1);\nconst verbs = { stop() {} };`);
    expect(functions.map(({ name }) => name)).toEqual(['start(…)', 'stop']);
  });

  test('imports are files of the checkout: of types, of what is exported on, and those made later', () => {
    const { imports, packages } = readSource(
      'a/b.ts',
      `import type { A } from './a.ts';
       import { z } from 'zod';
       import css from './a.css';
       export { C } from '../c/c.ts';
       type D = import('#domain/d.ts').D;
       const e = await import('./e.ts');`,
    );
    expect(imports).toEqual(['a/a.ts', 'c/c.ts', 'domain/d.ts', 'a/e.ts']);
    expect(packages).toEqual(['zod', './a.css']);
  });

  test('a chain of casts counts once, and `as const` and `satisfies` not at all', () => {
    const { casts } = readSource(
      'a.ts',
      'const a = 1 as unknown as string;\nconst b = [1] as const satisfies number[];\nconst c = a as never;',
    );
    expect(casts).toEqual([1, 3]);
  });

  test('timers are found however they are called, and not by their name alone', () => {
    const { timers } = readSource('a.ts', '// setTimeout(\nwindow.setTimeout(a);\nsetInterval(a);\nclearTimeout(a);');
    expect(timers).toEqual([2, 3]);
  });

  test('what is no TypeScript is an error with the name of its file', () => {
    expect(() => readSource('a.ts', 'const = 1')).toThrow(/^a\.ts: /);
  });
});

test('circular imports are found whatever hangs on them, and what only leads to them is not one', () => {
  const files = [
    { path: 'main.ts', imports: ['a.ts'] },
    { path: 'a.ts', imports: ['b.ts', 'leaf.ts'] },
    { path: 'b.ts', imports: ['c.ts'] },
    { path: 'c.ts', imports: ['a.ts', 'no-such.ts'] },
    { path: 'leaf.ts', imports: [] },
    { path: 'self.ts', imports: ['self.ts'] },
  ];
  expect(importCycles(files)).toEqual([['a.ts', 'b.ts', 'c.ts'], ['self.ts']]);
});
