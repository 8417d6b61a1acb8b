import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { createJournal, type StationJournal } from '../../../ingest/journal/journal.ts';
import { describeJournal } from '../../contracts/ports/journal.ts';

const opened: StationJournal[] = [];
const folders: string[] = [];

const openAt = (folder: string): StationJournal => {
  const journal = createJournal({
    path: join(folder, 'journal'),
    maxBytes: 2 ** 20,
    onFailure: (error) => {
      throw error;
    },
  });
  journal.start();
  opened.push(journal);
  return journal;
};

afterEach(async () => {
  for (const journal of opened.splice(0)) await journal.stop();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

describeJournal('of a station', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wardwatch-journal-port-'));
  folders.push(folder);
  const journal = openAt(folder);
  return {
    journal,
    async reopen() {
      await journal.stop();
      return openAt(folder);
    },
  };
});
