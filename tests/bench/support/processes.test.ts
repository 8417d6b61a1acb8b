import { expect, test } from 'vitest';
import { partOf } from '../../../bench/support/observe.ts';
import { parseMachine, parseStat, readThreads, readTree } from '../../../bench/support/processes.ts';

test('a name with blanks and brackets does not shift the fields after it', () => {
  const stat = parseStat('42 (a (b) c) D 7 42 42 0 -1 4194304 100 0 0 0 11 22 33 44 20 0 1');
  expect(stat).toEqual({ name: 'a (b) c', state: 'D', parent: 7, ticks: 33, endedTicks: 77 });
});

test('of the machine the busy time is told apart from idle, disk and stolen', () => {
  expect(parseMachine('cpu  100 1 20 500 30 2 3 4 50 0\ncpu0 1 1 1 1\n')).toEqual({
    busy: 126,
    idle: 500,
    disk: 30,
    stolen: 4,
  });
});

test('this process is the root of its tree, with a main thread among others', async ({ skip }) => {
  const tree = await readTree(process.pid);
  if (tree.length === 0) return skip();
  expect(tree.map(({ pid }) => pid)).toContain(process.pid);
  expect(tree.map(({ pid }) => pid)).not.toContain(process.ppid);
  const threads = [...(await readThreads(process.pid)).values()];
  expect(threads.filter(({ isMain }) => isMain)).toHaveLength(1);
});

test.each([
  ['/usr/bin/node --max-semi-space-size=64 /w/bin/wardwatch.js start --json', 'station'],
  ['node bin/wardwatch.js bench --only ingest', 'bench'],
  ['/usr/bin/node --import tsx /w/bench/load/publish.ts', 'load'],
  ['/usr/bin/node --import tsx /w/bench/load/watch-alarms.ts', 'screens'],
  ['postgres: checkpointer ', 'database checkpointer'],
  ['postgres: wardwatch wardwatch_bench_1 127.0.0.1(5) INSERT', 'database backend'],
])('%s is the part %s', (command, part) => {
  expect(partOf(command)).toBe(part);
});
