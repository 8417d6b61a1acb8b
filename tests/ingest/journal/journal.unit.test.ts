import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { open } from 'lmdb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createJournal, type StationJournal } from '../../../ingest/journal/journal.ts';
import { frame } from '../../../ingest/journal/segment.ts';

let folder: string;
const opened: StationJournal[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wardwatch-journal-'));
});

afterEach(async () => {
  for (const journal of opened.splice(0)) await journal.stop();
  await rm(folder, { recursive: true, force: true });
});

const openJournal = (maxBytes = 2 ** 20): StationJournal => {
  const journal = createJournal({
    path: join(folder, 'journal'),
    maxBytes,
    onFailure: (error) => {
      throw error;
    },
  });
  journal.start();
  opened.push(journal);
  return journal;
};

const append = (journal: StationJournal, text: string): Promise<void> =>
  new Promise((resolve) => journal.append([Buffer.from(text)], resolve));

const readAll = async (journal: StationJournal, maxBytes = 2 ** 20): Promise<string[]> => {
  const texts: string[] = [];
  for (let after = 0; ; ) {
    const batch = await journal.read(after, maxBytes);
    if (!batch) return texts;
    texts.push(...batch.entries.map(({ bytes }) => bytes.toString()));
    after = batch.through;
  }
};

const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `record ${index}`);

test('what was acknowledged is there after a restart, in order, with positions that only grow', async () => {
  const journal = openJournal();
  const acknowledged: number[] = [];
  await Promise.all(numbered(5_000).map((text, index) => append(journal, text).then(() => acknowledged.push(index))));
  expect(acknowledged).toEqual(numbered(5_000).map((_, index) => index));
  await journal.stop();

  const again = openJournal();
  expect(await readAll(again)).toEqual(numbered(5_000));
  const positions = (await again.read(0, 2 ** 20))?.entries.map(({ position }) => position) ?? [];
  expect([...positions].sort((left, right) => (left < right ? -1 : 1))).toEqual(positions);
});

test('records that wait together share a flush', async () => {
  const journal = openJournal();
  await Promise.all(numbered(100).map((text) => append(journal, text)));
  expect(journal.lastStored()).toBe(1);
});

test('a record larger than any segment is stored all the same', async () => {
  const journal = openJournal(2 ** 24);
  const large = 'x'.repeat(3 * 2 ** 20);
  await Promise.all([append(journal, 'before'), append(journal, large), append(journal, 'after')]);
  expect(await readAll(journal)).toEqual(['before', large, 'after']);
});

test('what is trimmed is gone, also after a restart, and its numbers are never used again', async () => {
  const journal = openJournal();
  const id = journal.id();
  await append(journal, 'first');
  await append(journal, 'second');
  journal.trim(journal.lastStored());
  expect(journal.state().storedBytes).toBe(0);
  const last = journal.lastStored();
  await journal.stop();

  const again = openJournal();
  expect(again.id()).toBe(id);
  expect(await readAll(again)).toEqual([]);
  await append(again, 'third');
  expect(again.lastStored()).toBeGreaterThan(last);
  expect(await readAll(again)).toEqual(['third']);
});

test('of a backlog that is trimmed at once nothing is left after a stop, and what came meanwhile is', async () => {
  const journal = openJournal(2 ** 26);
  // Each is a segment of its own, and many more than are removed in one step.
  const large = 'x'.repeat(140 * 1_024);
  await Promise.all(Array.from({ length: 300 }, () => append(journal, large)));
  expect(journal.lastStored()).toBe(300);
  journal.trim(299);
  await append(journal, 'meanwhile');
  await journal.stop();

  const again = openJournal(2 ** 26);
  expect(again.state().storedBytes).toBe(large.length + 'meanwhile'.length + 8);
  expect(await readAll(again)).toEqual([large, 'meanwhile']);
});

test('a full journal acknowledges nothing and loses nothing, and goes on once it is trimmed', async () => {
  const journal = openJournal(1_000);
  await append(journal, 'a'.repeat(1_200));
  expect(journal.state().full).toBe(true);
  let acknowledged = false;
  const waiting = append(journal, 'b').then(() => {
    acknowledged = true;
  });
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  expect(acknowledged).toBe(false);
  expect(journal.state().pendingAppends).toBe(1);

  journal.trim(journal.lastStored());
  await waiting;
  expect(await readAll(journal)).toEqual(['b']);
});

test('a full journal can be stopped: what was not acknowledged is not promised', async () => {
  const journal = openJournal(100);
  await append(journal, 'a'.repeat(200));
  journal.append([Buffer.from('b')], () => expect.unreachable('was never stored'));
  await journal.stop();
  expect(await readAll(openJournal())).toEqual(['a'.repeat(200)]);
});

test('who waits for data is woken by the next record, or by the abort', async () => {
  const journal = openJournal();
  const woken = journal.waitForData(0, new AbortController().signal);
  await append(journal, 'now');
  await woken;
  const abort = new AbortController();
  const aborted = journal.waitForData(journal.lastStored(), abort.signal);
  abort.abort();
  await expect(aborted).resolves.toBeUndefined();
});

test('months of writing and trimming do not make its file grow', async () => {
  const journal = openJournal(2 ** 20);
  const sizes: number[] = [];
  for (let round = 0; round < 60; round++) {
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        append(journal, 'y'.repeat(1_000 + ((round * 977 + index * 131) % 9_000))),
      ),
    );
    journal.trim(journal.lastStored());
    if (round % 20 === 19) {
      await append(journal, 'settle');
      journal.trim(journal.lastStored());
      sizes.push((await stat(join(folder, 'journal', 'data.mdb'))).size);
    }
  }
  expect(sizes[2]).toBeLessThanOrEqual((sizes[0] ?? 0) * 1.5);
});

const openOnDisk = (freeBytes: () => number): { journal: StationJournal; failures: string[] } => {
  const failures: string[] = [];
  const journal = createJournal({
    path: join(folder, 'journal'),
    maxBytes: 2 ** 24,
    onFailure: (error) => failures.push(error.message),
    freeBytes,
  });
  journal.start();
  opened.push(journal);
  return { journal, failures };
};

test('on a full disk nothing is written and nothing acknowledged, and it goes on by itself', async () => {
  let freeBytes = 2 ** 30;
  const { journal, failures } = openOnDisk(() => freeBytes);
  await append(journal, 'before');
  freeBytes = 1_000;
  let acknowledged = false;
  const waiting = append(journal, 'during').then(() => {
    acknowledged = true;
  });
  await expect.poll(() => failures.length).toBeGreaterThan(1);
  expect(journal.state().failure).toBe('the disk is full');
  journal.trim(journal.lastStored());
  expect(journal.state().storedBytes).toBe(0);
  expect(acknowledged).toBe(false);

  freeBytes = 2 ** 30;
  await waiting;
  expect(journal.state().failure).toBeUndefined();
  await journal.stop();
  expect(await readAll(openJournal())).toEqual(['during']);
});

test('on a disk that the journal itself has filled, what is trimmed makes room', async () => {
  let freeBytes = 2 ** 30;
  const { journal, failures } = openOnDisk(() => freeBytes);
  for (let part = 0; part < 40; part++) await append(journal, 'x'.repeat(200_000));
  freeBytes = 8 * 2 ** 20;
  const waiting = append(journal, 'more');
  await expect.poll(() => failures.length).toBeGreaterThan(0);
  journal.trim(journal.lastStored());
  await waiting;
  expect(await readAll(journal)).toEqual(['more']);
});

const appendBundle = (journal: StationJournal, texts: readonly string[], checkpoint?: [key: string, value: string]) =>
  new Promise<void>((resolve) =>
    journal.append(
      texts.map((text) => Buffer.from(text)),
      resolve,
      checkpoint && { key: checkpoint[0], value: Buffer.from(checkpoint[1]) },
    ),
  );

const checkpointsOf = async (journal: StationJournal): Promise<Record<string, string>> => {
  const found: Record<string, string> = {};
  for await (const { key, value } of journal.checkpoints()) found[key] = value.toString();
  return found;
};

const segmentsOf = async (journal: StationJournal): Promise<string[][]> => {
  const segments: string[][] = [];
  for (let after = 0; ; ) {
    const batch = await journal.read(after, 1);
    if (!batch) return segments;
    segments.push(batch.entries.map(({ bytes }) => bytes.toString()));
    after = batch.through;
  }
};

test('records of one call are never in two segments, however large they are together', async () => {
  const journal = openJournal(2 ** 24);
  const bundle = (name: string, bytes: number) => [0, 1, 2].map((part) => `${name}${part}`.padEnd(bytes));
  const bundles = [
    bundle('a', 60_000),
    bundle('b', 60_000),
    bundle('large', 150_000),
    ...numbered(50).map((name) => bundle(name, 5_000)),
  ];
  await Promise.all(bundles.map((texts) => appendBundle(journal, texts)));
  const segments = await segmentsOf(journal);
  expect(segments.flat()).toEqual(bundles.flat());
  expect(segments.length).toBeGreaterThan(3);
  for (const segment of segments) expect(segment.length % 3).toBe(0);
  for (const segment of segments.filter(({ length }) => length > 3)) {
    expect(segment.join('').length).toBeLessThanOrEqual(256 * 1_024);
  }
});

test('of each key the newest checkpoint is kept, through trimming and restarts', async () => {
  const journal = openJournal();
  expect(await checkpointsOf(journal)).toEqual({});
  await Promise.all([
    appendBundle(journal, ['one'], ['bed-1', 'old']),
    appendBundle(journal, ['two'], ['bed-1', 'new']),
    appendBundle(journal, [], ['bed-2', 'alone']),
  ]);
  journal.trim(journal.lastStored());
  await append(journal, 'after');
  await journal.stop();

  const again = openJournal();
  expect(await readAll(again)).toEqual(['after']);
  expect(await checkpointsOf(again)).toEqual({ 'bed-1': 'new', 'bed-2': 'alone' });
});

test('a checkpoint without records makes no segment', async () => {
  const journal = openJournal();
  await append(journal, 'before');
  const last = journal.lastStored();
  await appendBundle(journal, [], ['bed-1', 'state']);
  expect(journal.lastStored()).toBe(last);
  await append(journal, 'after');
  expect(await readAll(journal)).toEqual(['before', 'after']);
});

test('nothing at all cannot be kept', () => {
  const journal = openJournal();
  expect(() => journal.append([], () => undefined)).toThrow(RangeError);
});

test('on a full disk a checkpoint waits with its records', async () => {
  let freeBytes = 1_000;
  const { journal, failures } = openOnDisk(() => freeBytes);
  const waiting = appendBundle(journal, ['record'], ['bed-1', 'state']);
  await expect.poll(() => failures.length).toBeGreaterThan(0);
  expect(await checkpointsOf(journal)).toEqual({});
  freeBytes = 2 ** 30;
  await waiting;
  expect(await checkpointsOf(journal)).toEqual({ 'bed-1': 'state' });
});

test('room that checkpoints take is not taken for free', async () => {
  let freeBytes = 2 ** 30;
  const { journal, failures } = openOnDisk(() => freeBytes);
  const large = 'x'.repeat(200_000);
  for (let bed = 0; bed < 40; bed++) await appendBundle(journal, [], [`bed-${bed}`, large]);
  freeBytes = 8 * 2 ** 20;
  const waiting = append(journal, 'more');
  await expect.poll(() => failures).toContain('the disk is full');
  freeBytes = 2 ** 30;
  await waiting;
});

test('a journal from before there were checkpoints opens with its records', async () => {
  const path = join(folder, 'journal');
  const root = open<unknown, string>({ path, mapSize: 2 ** 24, maxDbs: 2, cache: false });
  const segments = root.openDB<Buffer, number>({ name: 'segments', encoding: 'binary', keyEncoding: 'ordered-binary' });
  await root.put('id', 'b5a0c0de-0000-4000-8000-000000000000');
  await root.put('trimmed', 6);
  const records = ['old', 'older'].map((text) => Buffer.from(text));
  await segments.put(7, frame([{ records }], 2 * 4 + 'oldolder'.length));
  await root.close();

  const journal = openJournal();
  expect(journal.id()).toBe('b5a0c0de-0000-4000-8000-000000000000');
  expect(await checkpointsOf(journal)).toEqual({});
  await appendBundle(journal, ['new'], ['bed-1', 'state']);
  expect(journal.lastStored()).toBe(8);
  expect(await readAll(journal)).toEqual(['old', 'older', 'new']);
  expect(await checkpointsOf(journal)).toEqual({ 'bed-1': 'state' });
});

/** Looks into a journal that another process is writing. */
const createOnlooker = (path: string) => {
  const root = open({ path, readOnly: true, maxDbs: 3, cache: false });
  const segments = root.openDB<Buffer, number>({ name: 'segments', encoding: 'binary', keyEncoding: 'ordered-binary' });
  const checkpoints = root.openDB<Buffer, string>({ name: 'checkpoints', encoding: 'binary' });
  return {
    /** The newest bundle and the newest checkpoint that are committed at this moment, which a kill now would leave. */
    look() {
      root.resetReadTxn();
      const newest = Math.max(...Array.from(checkpoints.getRange(), ({ value }) => Number(value.toString())));
      const [segment] = segments.getRange({ reverse: true, limit: 1 });
      const [last] = /(\d+)\/2$/.exec(segment?.value.toString() ?? '')?.slice(1) ?? [];
      return { newest, last: Number(last) };
    },
    close: () => root.close(),
  };
};

/**
 * Keeps bundles from `first` on in another process, looks on, and kills it. Resolves with the last number that it said
 * was stored, and with what was seen when bundles and checkpoints did not belong together.
 */
const keepUntilKilled = async (path: string, first: number) => {
  const keeper = spawn(
    process.execPath,
    ['--import', 'tsx', 'tests/ingest/journal/journal-keeper.ts', path, String(first)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let hasEnded = false;
  const ended = once(keeper, 'close').then(() => {
    hasEnded = true;
  });
  let said = first;
  const lines = createInterface(keeper.stdout).on('line', (line) => {
    said = Number(line);
    // The process is killed in the middle of whatever it does then.
    if (said === first + 300) keeper.kill('SIGKILL');
  });
  await once(lines, 'line');
  const onlooker = createOnlooker(path);
  const torn: unknown[] = [];
  for (let looks = 0; !hasEnded; looks++) {
    const { newest, last } = onlooker.look();
    if (newest !== last) torn.push({ looks, newest, last });
    await new Promise(setImmediate);
  }
  await ended;
  await onlooker.close();
  return { said, torn };
};

test('a bundle and its checkpoint appear together, and after kill -9 all that was said to be stored is', async () => {
  let first = 0;
  for (let round = 0; round < 5; round++) {
    const { said, torn } = await keepUntilKilled(join(folder, 'journal'), first);
    expect(torn).toEqual([]);
    const journal = openJournal();
    const records = await readAll(journal);
    const last = Math.max(...records.map((text) => Number(text.split('/')[0])));
    expect(last).toBeGreaterThanOrEqual(said);
    for (const segment of await segmentsOf(journal)) expect(segment.length % 3).toBe(0);
    expect(records.slice(-3)).toEqual([0, 1, 2].map((part) => `${last}/${part}`));
    const newest = [last, last - 1, last - 2].map((number) => [`key-${number % 3}`, String(number)]);
    expect(await checkpointsOf(journal)).toEqual(Object.fromEntries(newest));
    await journal.stop();
    first = last + 1;
  }
}, 60_000);
