import { describe, expect, test } from 'vitest';
import type { Checkpoint, Journal } from '#contracts/ports/journal.ts';

/** What every journal must do, whatever keeps it. */
export type JournalSubject = {
  readonly journal: Journal;
  /** The same journal again, as after a crash of who used it. */
  readonly reopen: () => Promise<Journal>;
};

const buffers = (texts: readonly string[]): Buffer[] => texts.map((text) => Buffer.from(text));

const append = (journal: Journal, texts: readonly string[], checkpoint?: Checkpoint): Promise<void> =>
  new Promise((resolve) => journal.append(buffers(texts), resolve, checkpoint));

const readAll = async (journal: Journal, maxBytes: number): Promise<string[]> => {
  const texts: string[] = [];
  for (let after = 0; ; ) {
    const batch = await journal.read(after, maxBytes);
    if (!batch) return texts;
    expect(batch.through).toBeGreaterThan(after);
    texts.push(...batch.entries.map(({ bytes }) => bytes.toString()));
    after = batch.through;
  }
};

const checkpointsOf = async (journal: Journal): Promise<Record<string, string>> => {
  const found: Record<string, string> = {};
  for await (const { key, value } of journal.checkpoints()) found[key] = value.toString();
  return found;
};

const checkpoint = (key: string, value: string): Checkpoint => ({ key, value: Buffer.from(value) });

export const describeJournal = (name: string, createSubject: () => Promise<JournalSubject>): void => {
  describe(`a journal: ${name}`, () => {
    test('what was flushed is read in the order of appending, in small batches as in large ones', async () => {
      const { journal, reopen } = await createSubject();
      const texts = Array.from({ length: 500 }, (_, index) => `record ${index}`);
      const flushed: string[] = [];
      await Promise.all(texts.map((text) => append(journal, [text]).then(() => flushed.push(text))));
      expect(flushed).toEqual(texts);
      expect(await readAll(journal, 1)).toEqual(texts);
      expect(await readAll(await reopen(), 2 ** 20)).toEqual(texts);
    });

    test('an empty journal has nothing to read, and no checkpoint', async () => {
      const { journal } = await createSubject();
      expect(await journal.read(0, 2 ** 20)).toBeUndefined();
      expect(await checkpointsOf(journal)).toEqual({});
    });

    test('places of records grow and are never used again, also after a trim', async () => {
      const { journal, reopen } = await createSubject();
      await append(journal, ['first', 'second']);
      const before = (await journal.read(0, 2 ** 20))?.entries.map(({ position }) => position) ?? [];
      journal.trim(journal.lastStored());
      const again = await reopen();
      await append(again, ['third']);
      const [after] = (await again.read(0, 2 ** 20))?.entries.slice(-1) ?? [];
      expect(after?.bytes.toString()).toBe('third');
      for (const position of before) expect(after?.position).toBeGreaterThan(position);
    });

    test('what was trimmed is not read any more', async () => {
      const { journal } = await createSubject();
      await append(journal, ['old']);
      const through = journal.lastStored();
      await append(journal, ['new']);
      journal.trim(through);
      expect(await readAll(journal, 2 ** 20)).toEqual(['new']);
    });

    test('the newest checkpoint of each key is there after a trim and a crash', async () => {
      const { journal, reopen } = await createSubject();
      await append(journal, ['one'], checkpoint('bed-1', 'old'));
      await append(journal, ['two'], checkpoint('bed-1', 'new'));
      await append(journal, [], checkpoint('bed-2', 'alone'));
      journal.trim(journal.lastStored());
      expect(await checkpointsOf(await reopen())).toEqual({ 'bed-1': 'new', 'bed-2': 'alone' });
    });

    test('a checkpoint that stands alone is no record', async () => {
      const { journal } = await createSubject();
      await append(journal, ['before']);
      await append(journal, [], checkpoint('bed-1', 'state'));
      await append(journal, ['after']);
      expect(await readAll(journal, 2 ** 20)).toEqual(['before', 'after']);
    });

    test('nothing at all is refused', async () => {
      const { journal } = await createSubject();
      expect(() => journal.append([], () => expect.unreachable('nothing was stored'))).toThrow(RangeError);
    });

    test('who waits for data is woken by what is flushed, at once when it is there, and by the abort', async () => {
      const { journal } = await createSubject();
      const { signal } = new AbortController();
      const woken = journal.waitForData(0, signal);
      await append(journal, ['now']);
      await woken;
      await journal.waitForData(0, signal);
      const abort = new AbortController();
      const aborted = journal.waitForData(journal.lastStored(), abort.signal);
      abort.abort();
      await expect(aborted).resolves.toBeUndefined();
      await expect(journal.waitForData(journal.lastStored(), abort.signal)).resolves.toBeUndefined();
    });

    test('its state counts what waits and what is stored', async () => {
      const { journal } = await createSubject();
      const waiting = append(journal, ['waits']);
      expect(journal.state().pendingAppends).toBe(1);
      await waiting;
      const { pendingAppends, storedBytes, full, failure } = journal.state();
      expect({ pendingAppends, full, failure }).toEqual({ pendingAppends: 0, full: false, failure: undefined });
      expect(storedBytes).toBeGreaterThan(0);
      journal.trim(journal.lastStored());
      expect(journal.state().storedBytes).toBe(0);
    });
  });
};
