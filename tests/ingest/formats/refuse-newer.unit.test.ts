import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { open } from 'lmdb';
import { afterEach, expect, test } from 'vitest';
import { FORMAT, NewerFormatError } from '#domain/alarms/formats/upcast.ts';
import { createJournal } from '../../../ingest/journal/journal.ts';
import { encodeRecord } from '../../../ingest/record.ts';
import { readRegistryCopy } from '../../../ingest/registry-store.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folders = temporaryFolder();
afterEach(folders.remove);

const RECORD = encodeRecord({ kind: 'device', receivedAt: 1, device: 'm1', model: null, firmware: null });
const NEWER_RECORD = Buffer.from(RECORD);
NEWER_RECORD[0] = (NEWER_RECORD[0] ?? 0) + 1;

const openJournal = (folder: string) =>
  createJournal({ path: join(folder, 'journal'), maxBytes: 2 ** 20, onFailure: () => undefined });

/** A journal with a record and a saved state in it, each of today. */
const written = async (folder: string): Promise<void> => {
  const journal = openJournal(folder);
  journal.start();
  const checkpoint = { key: 'bed-1', value: Buffer.from(JSON.stringify({ version: FORMAT })) };
  await new Promise<void>((resolve) => journal.append([RECORD], resolve, checkpoint));
  await journal.stop();
};

const change = async (folder: string, make: (root: ReturnType<typeof open>) => Promise<unknown>): Promise<void> => {
  const root = open({ path: join(folder, 'journal'), maxDbs: 3 });
  await make(root);
  await root.close();
};

const framed = (record: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(record.length);
  return Buffer.concat([length, record]);
};

const MARKS: readonly [name: string, make: (root: ReturnType<typeof open>) => Promise<unknown>][] = [
  ['the journal is marked so', (root) => root.put('format', FORMAT + 1)],
  [
    'a saved state says so',
    (root) =>
      root
        .openDB({ name: 'checkpoints', encoding: 'binary' })
        .put('bed-2', Buffer.from(JSON.stringify({ version: FORMAT + 1, state: {} }))),
  ],
  [
    'a record says so',
    (root) =>
      root.openDB({ name: 'segments', encoding: 'binary', keyEncoding: 'ordered-binary' }).put(2, framed(NEWER_RECORD)),
  ],
];

test.each(MARKS)('a journal of a newer format is refused and left as it is: %s', async (_name, make) => {
  const folder = await folders.make();
  await written(folder);
  await change(folder, make);
  const before = await readFile(join(folder, 'journal', 'data.mdb'));
  const journal = openJournal(folder);
  expect(() => journal.start()).toThrow(NewerFormatError);
  await journal.stop();
  expect((await readFile(join(folder, 'journal', 'data.mdb'))).equals(before)).toBe(true);
});

test('the mark of the format is there with the first that is written, and not before', async () => {
  const folder = await folders.make();
  const journal = openJournal(folder);
  journal.start();
  await journal.stop();
  const markOf = async (): Promise<unknown> => {
    let mark: unknown;
    await change(folder, async (root) => {
      mark = root.get('format');
    });
    return mark;
  };
  expect(await markOf()).toBeUndefined();
  await written(folder);
  expect(await markOf()).toBe(FORMAT);
});

test('a segment with a length that cannot be is read to its end: what nobody can read is one record', async () => {
  const folder = await folders.make();
  await written(folder);
  const nonsense = Buffer.from([0xff, 0xff, 0xff, 0x7f, 1, 2, 3]);
  await change(folder, (root) =>
    root
      .openDB({ name: 'segments', encoding: 'binary', keyEncoding: 'ordered-binary' })
      .put(2, Buffer.concat([framed(RECORD), nonsense])),
  );
  const journal = openJournal(folder);
  journal.start();
  const entries = (await journal.read(0, 2 ** 20))?.entries ?? [];
  expect(entries.map(({ bytes }) => bytes.toString('hex'))).toEqual(
    [RECORD, RECORD, nonsense].map((bytes) => bytes.toString('hex')),
  );
  await journal.stop();
});

test('a copy of the registry of a newer format is refused, and is not taken for none', async () => {
  const path = join(await folders.make(), 'registry.json');
  await writeFile(path, JSON.stringify({ format: FORMAT + 1 }));
  await expect(readRegistryCopy(path)).rejects.toThrow(NewerFormatError);
  await writeFile(path, '{"format":');
  expect(await readRegistryCopy(path)).toBeUndefined();
});
