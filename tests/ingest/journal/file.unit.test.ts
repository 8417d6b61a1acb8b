import { expect, test } from 'vitest';
import { type JournalFile, putTogether } from '../../../ingest/journal/file.ts';

/** Only a loss of power tells a put from a flush; so the flush is a promise here. */
const createFile = () => {
  let toDisk = (): void => {};
  const flushed = new Promise<void>((resolve) => {
    toDisk = resolve;
  });
  const database = { put: async () => true };
  const file = { root: { ...database, flushed }, segments: database, checkpoints: database, isMarked: true };
  return { file: file as unknown as JournalFile, toDisk: () => toDisk() };
};

const checkpoint = { key: 'b1', value: Buffer.from('state') };

test.each([
  ['a segment', Buffer.from('records'), []],
  ['a checkpoint', Buffer.alloc(0), [{ checkpoint }]],
  ['both', Buffer.from('records'), [{ checkpoint }]],
])('%s that is put counts as kept only when it is flushed to the disk', async (_what, segment, group) => {
  const { file, toDisk } = createFile();
  let isKept = false;
  const keeping = putTogether(file, 1, segment, group).then(() => {
    isKept = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isKept).toBe(false);
  toDisk();
  await keeping;
  expect(isKept).toBe(true);
});
