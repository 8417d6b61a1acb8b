import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLineSink } from '#platform/line-sink.ts';
import { eventually } from '../support/eventually.ts';
import { openFullPipe } from '../support/full-pipe.ts';
import { releaseAfterEach } from '../support/releases.ts';

const releases = releaseAfterEach();

const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `line ${index}`);

const openFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'wardwatch-sink-'));
  releases.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

test('a file gets every line, in order, and what was said last before the end', async () => {
  const path = join(openFolder(), 'log');
  const fd = openSync(path, 'a');
  releases.push(() => closeSync(fd));
  const sink = createLineSink(fd);
  const lines = numbered(10_000);
  for (const line of lines) sink.write(`${line}\n`);
  await eventually(() => expect(readFileSync(path, 'utf8')).toBe(`${lines.join('\n')}\n`));
  sink.write('the last\n');
  sink.flushSync();
  expect(readFileSync(path, 'utf8').endsWith('line 9999\nthe last\n')).toBe(true);
  expect(sink.dropped()).toBe(0);
});

test('a full disk costs the lines, which are counted, and nothing else', async () => {
  const fd = openSync('/dev/full', 'w');
  releases.push(() => closeSync(fd));
  const sink = createLineSink(fd);
  sink.write('lost\n');
  await eventually(() => expect(sink.trouble()).toMatch(/ENOSPC/));
  sink.write('lost too\n');
  expect(sink.dropped()).toBe(2);
});

test('a pipe that nobody reads is not waited for; once it is read, whole lines come, and what is missing was counted', async () => {
  const pipe = openFullPipe();
  releases.push(() => pipe.close());
  const sink = createLineSink(pipe.writer);
  const lines = numbered(200_000);
  for (const line of lines) sink.write(`${line}\n`);
  expect(sink.dropped()).toBeGreaterThan(0);
  expect(sink.trouble()).toMatch(/does not read/);
  const kept = lines.slice(0, lines.length - sink.dropped());
  let read = '';
  await eventually(
    () => {
      read += pipe.drain();
      expect(read.trim().split('\n').at(-1)).toBe(kept.at(-1));
    },
    { everyMs: 1 },
  );
  expect(read.trim().split('\n')).toEqual(kept);
});

test('a pipe whose reader is gone takes nothing and ends nothing', async () => {
  const path = join(openFolder(), 'pipe');
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const fd = openSync(path, constants.O_WRONLY);
  closeSync(reader);
  const sink = createLineSink(fd);
  sink.write('into nothing\n');
  await eventually(() => {
    sink.write('and again\n');
    expect(sink.dropped()).toBeGreaterThan(0);
  });
  expect(sink.trouble()).toBeDefined();
});
