import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Database } from '#platform/database.ts';
import { decodeRecord } from '../../ingest/formats/upcast.ts';
import { createJournal } from '../../ingest/journal/journal.ts';
import type { JournalRecord } from '../../ingest/record.ts';
import { goldenFile } from './golden.ts';
import { MIGRATION_NAMES } from './migrations.ts';

/** The data folder and the database of a release that crashed, as it left them. */

const FOLDER = fileURLToPath(new URL('../../migrations/', import.meta.url));

type Dump = Readonly<Record<string, readonly object[]>>;

const identityOf = (table: string): string | undefined =>
  table === 'alarm_settings'
    ? 'version'
    : [
          'patients',
          'encounters',
          'device_assignments',
          'series',
          'annotations',
          'pgmigrations',
          'migrations_run',
        ].includes(table)
      ? 'id'
      : undefined;

/** Into a database with nothing in it. */
export const loadGoldenDatabase = async (database: Database, release: string): Promise<void> => {
  const dump: Dump = JSON.parse(gunzipSync(goldenFile(release, 'crashed/database.json.gz')).toString('utf8'));
  const applied = [...(dump.pgmigrations ?? []), ...(dump.migrations_run ?? [])].map(
    (row) => (row as { name: string }).name,
  );
  for (const name of MIGRATION_NAMES.filter((known) => applied.includes(known))) {
    await database.query(await readFile(join(FOLDER, `${name}.sql`), 'utf8'));
  }
  for (const told of ['pgmigrations', 'migrations_run'].filter((table) => table in dump)) {
    await database.query(
      `create table ${told} (id serial primary key, name varchar(255) not null, run_on timestamp not null)`,
    );
  }
  // A migration may have put rows there itself.
  for (const table of Object.keys(dump)) await database.query(`delete from ${table}`);
  for (const [table, rows] of Object.entries(dump)) {
    await database.query(
      `insert into ${table} overriding system value select * from jsonb_populate_recordset(null::${table}, $1)`,
      [JSON.stringify(rows)],
    );
    const identity = identityOf(table);
    if (!identity || rows.length === 0) continue;
    await database.query(
      `select setval(pg_get_serial_sequence('${table}', '${identity}'), (select max(${identity}) from ${table}))`,
    );
  }
};

/** Into a folder that is there. */
export const loadGoldenFolder = async (dataDir: string, release: string): Promise<void> => {
  await mkdir(join(dataDir, 'journal'), { recursive: true });
  await writeFile(join(dataDir, 'journal', 'data.mdb'), gunzipSync(goldenFile(release, 'crashed/journal.mdb.gz')));
  await writeFile(join(dataDir, 'registry.json'), goldenFile(release, 'crashed/registry.json'));
};

export const goldenStory = (release: string): { readonly crashedAt: number; readonly secret: string } =>
  JSON.parse(goldenFile(release, 'crashed/story.json').toString('utf8'));

/** What was in the journal and is not in the database yet. */
export const readBacklog = async (dataDir: string): Promise<JournalRecord[]> => {
  const journal = createJournal({ path: join(dataDir, 'journal'), maxBytes: 2 ** 24, onFailure: () => undefined });
  journal.start();
  const records = ((await journal.read(0, 2 ** 30))?.entries ?? []).map(({ bytes }) => decodeRecord(bytes));
  await journal.stop();
  return records;
};
