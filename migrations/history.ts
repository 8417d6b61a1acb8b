import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type pg from 'pg';
import { FORMAT } from '#domain/alarms/formats/upcast.ts';
import { UserError } from '#platform/errors.ts';

/**
 * Which migrations a database has had, and which programs may run on it.
 *
 * A program refuses a database with a name in `pgmigrations` that it does not know. So only what it cannot live with is
 * told there: a migration that says `-- breaking:` on its first line. All are told in `migrations_run`, of which nobody
 * is afraid: after an additive one the previous program goes on as before, and an upgrade can be taken back.
 */
export const RUN_TABLE = 'migrations_run';
const REFUSED_BY = 'pgmigrations';

/** Release 0.1.0 knows the first migrations, and needs to find them. */
const KNOWN_TO_THE_FIRST = 4;
const BREAKING = /^-- breaking:/;

const exists = async (client: pg.ClientBase, table: string): Promise<boolean> => {
  const { rows } = await client.query<{ found: boolean }>('select to_regclass($1) is not null as found', [table]);
  return rows[0]?.found ?? false;
};

export const namesIn = async (client: pg.ClientBase, table: string): Promise<string[]> => {
  if (!(await exists(client, table))) return [];
  const { rows } = await client.query<{ name: string }>(`select name from ${table} order by name`);
  return rows.map(({ name }) => name);
};

export const sqlFiles = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((file) => file.endsWith('.sql')).map((file) => basename(file, '.sql'));

/** Breaking migrations that are not in the folder. */
export const newerThan = async (client: pg.ClientBase, folder: string): Promise<string[]> => {
  const known = new Set(await sqlFiles(folder));
  return (await namesIn(client, REFUSED_BY)).filter((name) => !known.has(name));
};

/** All migrations that ran here, from both tables. */
export const appliedMigrations = async (client: pg.ClientBase): Promise<string[]> => [
  ...new Set([...(await namesIn(client, REFUSED_BY)), ...(await namesIn(client, RUN_TABLE))]),
];

/** The newest format that was written here. */
const storedFormat = async (client: pg.ClientBase): Promise<number> => {
  if (!(await exists(client, 'stored_format'))) return 1;
  const { rows } = await client.query<{ newest: number }>(`
    select greatest(
      (select newest from stored_format),
      (select format from alarm_inputs order by at desc limit 1),
      (select format from alarm_events order by at desc limit 1),
      (select max(format) from alarm_settings)
    ) as newest`);
  return rows[0]?.newest ?? 1;
};

/** Changes nothing. Throws a UserError for a database that this program must not touch. */
export const refuseNewer = async (client: pg.ClientBase, folder: string): Promise<void> => {
  const remedy = 'update this one, go back to a backup of before, or use another database';
  const unknown = await newerThan(client, folder);
  if (unknown.length > 0) {
    throw new UserError(`the database was made by a newer wardwatch (it has ${unknown.join(', ')}): ${remedy}`);
  }
  const format = await storedFormat(client);
  if (format > FORMAT) {
    throw new UserError(
      `the database holds records of format ${format}, written by a newer wardwatch; this one knows up to ${FORMAT}, and has changed nothing: ${remedy}`,
    );
  }
};

/** What release 0.1.0, or a start that was cut short, told in one table only. To be called before the migrations run. */
export const adoptHistory = async (client: pg.ClientBase): Promise<void> => {
  if ((await namesIn(client, REFUSED_BY)).length === 0) return;
  if (!(await exists(client, RUN_TABLE))) {
    await client.query(`create table ${RUN_TABLE} (
      id serial primary key, name varchar(255) not null, run_on timestamp not null
    )`);
  }
  await client.query(`
    insert into ${RUN_TABLE} (name, run_on)
    select name, run_on from ${REFUSED_BY} where name not in (select name from ${RUN_TABLE}) order by id`);
};

/** Has older programs refuse what they cannot live with. To be called once the migrations have run. */
export const tellOlderPrograms = async (client: pg.ClientBase, folder: string): Promise<void> => {
  const told = new Set(await namesIn(client, REFUSED_BY));
  const untold: string[] = [];
  for (const name of (await sqlFiles(folder)).sort()) {
    if (told.has(name)) continue;
    const isBreaking = BREAKING.test(await readFile(join(folder, `${name}.sql`), 'utf8'));
    if (isBreaking || Number.parseInt(name, 10) <= KNOWN_TO_THE_FIRST) untold.push(name);
  }
  if (untold.length === 0) return;
  if (!(await exists(client, REFUSED_BY))) {
    await client.query(`create table ${REFUSED_BY} (
      id serial primary key, name varchar(255) not null, run_on timestamp not null
    )`);
  }
  await client.query(
    `insert into ${REFUSED_BY} (name, run_on)
     select name, run_on from ${RUN_TABLE} where name = any($1) order by id`,
    [untold],
  );
};
