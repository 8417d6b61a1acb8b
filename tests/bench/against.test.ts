import { expect, test } from 'vitest';
import { passedOn } from '../../bench/against.ts';

test('the bench of each checkout is given the options of both, and not those that are about both', () => {
  const args = ['--only', 'ingest', '--against', '../other', '--repeat=5', '--quick', '--compare', 'a.json', '--json'];
  expect(passedOn(args)).toEqual(['--only', 'ingest', '--quick']);
});
