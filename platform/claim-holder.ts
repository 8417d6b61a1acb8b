import { hostname } from 'node:os';
import type pg from 'pg';

/**
 * Who holds the claim on a database, as the server shows it: by the `application_name` of the connection that has the
 * lock, `wardwatch station 1f09c3 4711@host /var/lib/wardwatch`.
 */

/** The number of the lock: any number that no other program uses. pg_locks shows its two halves, each below 2³². */
export const CLAIM_KEY = 7_783_201_120;

/** PostgreSQL cuts a name that has more bytes. */
const MAX_NAME = 63;

const PREFIX = 'wardwatch station';

const printable = (text: string): string => text.replaceAll(/[^ -~]/g, '?');

/** A name by which the station knows its own connection, and a person knows the station. */
export const claimName = ({ identity, dataDir }: { identity: string; dataDir: string }): string => {
  const start = `${PREFIX} ${identity} ${process.pid}@${printable(hostname()).slice(0, 20)} `;
  const place = printable(dataDir);
  const room = MAX_NAME - start.length;
  return start + (place.length <= room ? place : `...${place.slice(3 - room)}`);
};

export type Holder = { pid: number; application_name: string | null; client_addr: string | null; since: Date | null };

const HOLDER = `
  select activity.pid, application_name, host(client_addr) as client_addr, backend_start as since
  from pg_locks join pg_stat_activity as activity using (pid)
  where locktype = 'advisory' and granted and objsubid = 1
    and classid = ($1::bigint >> 32)::int::oid and objid = ($1::bigint & 4294967295)::oid
    and pg_locks.database = (select oid from pg_database where datname = current_database())`;

export const holderText = ({ application_name, client_addr, since }: Holder): string => {
  const parts = new RegExp(`^${PREFIX} \\w+ (\\d+)@(\\S+) (.*)$`).exec(application_name ?? '');
  const who = parts
    ? `pid ${parts[1]} on ${parts[2]}, DATA_DIR ${parts[3]}`
    : `application_name "${application_name ?? 'unknown'}"`;
  const where = client_addr === null ? '' : `, connected from ${client_addr}`;
  return `${who}${where}${since === null ? '' : `, since ${since.toISOString()}`}`;
};

export type ClaimHolder = { readonly text: string; readonly isOf: (dataDir: string) => boolean };

/** undefined when nobody holds it. */
export const readHolder = async (client: Pick<pg.ClientBase, 'query'>): Promise<Holder | undefined> => {
  const { rows } = await client.query<Holder>(HOLDER, [CLAIM_KEY]);
  return rows[0];
};

/** Whether it is a connection of the same station, from before a crash, that the server has not missed yet. */
export const isOfStation = ({ application_name: name }: Holder, identity: string): boolean =>
  name?.startsWith(`${PREFIX} ${identity} `) ?? false;

/** Reads who holds the claim, without taking it; undefined when nobody does. */
export const findClaimHolder = async (client: Pick<pg.ClientBase, 'query'>): Promise<ClaimHolder | undefined> => {
  const holder = await readHolder(client);
  if (!holder) return undefined;
  // The name holds the end of a long path only.
  const isOf = (dataDir: string) => {
    const shown =
      holder.application_name
        ?.split(' ')
        .slice(4)
        .join(' ')
        .replace(/^\.\.\./, '') ?? '';
    return shown !== '' && printable(dataDir).endsWith(shown);
  };
  return { text: holderText(holder), isOf };
};
