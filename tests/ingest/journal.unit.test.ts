import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createJournal, type Journal } from '../../ingest/journal.ts';

let folder: string;
const opened: Journal[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wardwatch-journal-'));
});

afterEach(async () => {
  for (const journal of opened.splice(0)) await journal.stop();
  await rm(folder, { recursive: true, force: true });
});

const openJournal = (maxBytes = 2 ** 20): Journal => {
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

const append = (journal: Journal, text: string): Promise<void> =>
  new Promise((resolve) => journal.append(Buffer.from(text), resolve));

const readAll = (journal: Journal, maxBytes = 2 ** 20): string[] => {
  const texts: string[] = [];
  for (let after = 0; ; ) {
    const batch = journal.read(after, maxBytes);
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
  expect(readAll(again)).toEqual(numbered(5_000));
  const positions = again.read(0, 2 ** 20)?.entries.map(({ position }) => position) ?? [];
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
  expect(readAll(journal)).toEqual(['before', large, 'after']);
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
  expect(readAll(again)).toEqual([]);
  await append(again, 'third');
  expect(again.lastStored()).toBeGreaterThan(last);
  expect(readAll(again)).toEqual(['third']);
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
  expect(journal.state().pendingRecords).toBe(1);

  journal.trim(journal.lastStored());
  await waiting;
  expect(readAll(journal)).toEqual(['b']);
});

test('a full journal can be stopped: what was not acknowledged is not promised', async () => {
  const journal = openJournal(100);
  await append(journal, 'a'.repeat(200));
  journal.append(Buffer.from('b'), () => expect.unreachable('was never stored'));
  await journal.stop();
  expect(readAll(openJournal())).toEqual(['a'.repeat(200)]);
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

const openOnDisk = (freeBytes: () => number): { journal: Journal; failures: string[] } => {
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
  expect(readAll(openJournal())).toEqual(['during']);
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
  expect(readAll(journal)).toEqual(['more']);
});
