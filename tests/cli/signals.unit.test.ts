import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setInterval as every } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';

let child: ChildProcessByStdio<null, Readable, Readable> | undefined;
afterEach(() => void child?.kill('SIGKILL'));

const start = async (mode: string) => {
  child = spawn(process.execPath, ['--import', 'tsx', 'tests/cli/fixtures/never-stops.ts', mode], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stderr.resume();
  const lines = createInterface({ input: child.stdout });
  await once(lines, 'line');
  return { child, lines, exited: once(child, 'exit') };
};

test.each(['SIGTERM', 'SIGINT'] as const)('%s stops in good order, with 0', async (signal) => {
  const { child, exited } = await start('stops');
  child.kill(signal);
  expect(await exited).toEqual([0, null]);
});

test('what breaks off because of the stop is no failure', async () => {
  const { child, exited } = await start('fails');
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});

test('a stop that hangs is ended hard, and not with 0', async () => {
  const { child, exited } = await start('hangs');
  child.kill('SIGTERM');
  expect(await exited).toEqual([1, null]);
});

test('the echo of a signal changes nothing, a second one ends it at once', async () => {
  const { child, lines, exited } = await start('hangs');
  child.kill('SIGINT');
  await once(lines, 'line');
  child.kill('SIGINT');
  let gone = false;
  exited.then(() => {
    gone = true;
  });
  for await (const _ of every(100)) {
    if (gone) break;
    child.kill('SIGTERM');
  }
  expect(await exited).toEqual([128 + 15, null]);
});
