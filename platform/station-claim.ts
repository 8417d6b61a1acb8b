import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import pg from 'pg';
import { type Backoff, backoffDelayMs, sleep } from './backoff.ts';
import { UserError } from './errors.ts';

/**
 * One station at a time on a database: an advisory lock on a connection of its own, for as long as the station lives. Two
 * would alarm twice and write into each other's history.
 *
 *   acquire ─▶ held ─ connection breaks ─▶ lost ─▶ try again ─┬─▶ held
 *                                                              └─▶ taken by another ─▶ try again …
 *
 * The lock is the server's: when this process ends, however it ends, it is free. Whoever holds it is named by
 * `application_name`. A connection pooler in front that gives sessions away by the transaction makes it worthless.
 */
export type StationClaim = {
  /** Resolves when it is held, from then on kept. Rejects with a ClaimTakenError, or as `pg` does when the server is away. */
  readonly acquire: () => Promise<void>;
  readonly isHeld: () => boolean;
  /** Why it is not held any more, for a person. */
  readonly trouble: () => string | undefined;
  readonly release: () => Promise<void>;
};

export class ClaimTakenError extends UserError {}

/** `gone` resolves when it broke or was closed. */
type Connection = { readonly client: pg.Client; readonly gone: Promise<void> };

/** Any number that is ours. Below 2³² in both halves, as pg_locks shows them. */
const KEY = 7_783_201_120;

/** Of PostgreSQL, in bytes. */
const MAX_NAME = 63;

const RETRY: Backoff = { firstMs: 100, maxMs: 5_000 };
const PING_EVERY_MS = 5_000;
const ANSWER_WITHIN_MS = 5_000;
const CLOSE_PATIENCE_MS = 1_000;

/** So that the server frees the lock of a machine that lost its power within half a minute. */
const KEEPALIVE = `set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 4`;

const PREFIX = 'wardwatch station';

const printable = (text: string): string => text.replaceAll(/[^ -~]/g, '?');

/** Whose it is, and what a person recognises: `wardwatch station 1f09c3 4711@host /var/lib/wardwatch`. */
const nameOf = ({ identity, dataDir }: { identity: string; dataDir: string }): string => {
  const start = `${PREFIX} ${identity} ${process.pid}@${printable(hostname()).slice(0, 20)} `;
  const place = printable(dataDir);
  const room = MAX_NAME - start.length;
  return start + (place.length <= room ? place : `...${place.slice(3 - room)}`);
};

type Holder = { pid: number; application_name: string | null; client_addr: string | null; since: Date | null };

const HOLDER = `
  select activity.pid, application_name, host(client_addr) as client_addr, backend_start as since
  from pg_locks join pg_stat_activity as activity using (pid)
  where locktype = 'advisory' and granted and objsubid = 1
    and classid = ($1::bigint >> 32)::int::oid and objid = ($1::bigint & 4294967295)::oid
    and pg_locks.database = (select oid from pg_database where datname = current_database())`;

const holderText = ({ application_name, client_addr, since }: Holder): string => {
  const parts = new RegExp(`^${PREFIX} \\w+ (\\d+)@(\\S+) (.*)$`).exec(application_name ?? '');
  const who = parts
    ? `pid ${parts[1]} on ${parts[2]}, DATA_DIR ${parts[3]}`
    : `application_name "${application_name ?? 'unknown'}"`;
  const where = client_addr === null ? '' : `, connected from ${client_addr}`;
  return `${who}${where}${since === null ? '' : `, since ${since.toISOString()}`}`;
};

export type ClaimHolder = { readonly text: string; readonly isOf: (dataDir: string) => boolean };

/** Who holds it; undefined when nobody does. For who only looks. */
export const findClaimHolder = async (client: Pick<pg.ClientBase, 'query'>): Promise<ClaimHolder | undefined> => {
  const { rows } = await client.query<Holder>(HOLDER, [KEY]);
  const [holder] = rows;
  if (!holder) return undefined;
  // By what is left of it in so short a name.
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

export const createStationClaim = ({
  databaseUrl,
  dataDir,
  secret,
  onTrouble,
}: {
  databaseUrl: string;
  dataDir: string;
  /** Of DATA_DIR, so that a station knows its own connection from before a crash. */
  secret: Uint8Array;
  /** Called once for each time it is lost or found taken, and with undefined when it is held again. */
  onTrouble: (trouble: string | undefined) => void;
}): StationClaim => {
  const identity = createHash('sha256').update(secret).update(hostname()).update(dataDir).digest('hex').slice(0, 6);
  const application_name = nameOf({ identity, dataDir });
  const stopping = new AbortController();
  let holding: Connection | undefined;
  let trying: Promise<void> | undefined;
  let keeping: Promise<void> | undefined;
  let trouble: string | undefined;

  const tell = (next: string | undefined): void => {
    if (next === trouble) return;
    trouble = next;
    onTrouble(next);
  };

  /** DATA_DIR is locked, so an equal holder is a connection of ours that the server has not missed yet. */
  const isGhost = ({ application_name: other }: Holder): boolean =>
    other?.startsWith(`${PREFIX} ${identity} `) ?? false;

  const claim = async (client: pg.Client): Promise<void> => {
    for (let attempt = 0; ; attempt++) {
      const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1) as got', [KEY]);
      if (rows[0]?.got) return;
      const { rows: holders } = await client.query<Holder>(HOLDER, [KEY]);
      const [holder] = holders;
      // It was given back between the two questions.
      if (!holder && attempt < 3) continue;
      if (holder && isGhost(holder) && attempt < 3) {
        await client.query('select pg_terminate_backend($1, 2000)', [holder.pid]);
        continue;
      }
      const who = holder ? holderText(holder) : 'somebody who is not to be seen';
      throw new ClaimTakenError(
        `another station is running on this database (${who}): stop that one, or give this one a DATABASE_URL of its own`,
      );
    }
  };

  const connect = async (): Promise<void> => {
    const client = new pg.Client({
      connectionString: databaseUrl,
      application_name,
      connectionTimeoutMillis: ANSWER_WITHIN_MS,
      query_timeout: ANSWER_WITHIN_MS,
      keepAlive: true,
    });
    // A server that is frozen confirms nothing, and is not waited for.
    const close = () => void client.end().catch(() => undefined);
    const gone = new Promise<void>((resolve) => {
      client.on('error', () => resolve());
      client.on('end', () => resolve());
    });
    try {
      await client.connect();
      await client.query(KEEPALIVE);
      await claim(client);
    } catch (error) {
      close();
      throw error;
    }
    if (stopping.signal.aborted) return close();
    const connection = { client, gone };
    holding = connection;
    gone.then(() => {
      if (holding === connection) holding = undefined;
      close();
    });
  };

  /** One at a time: two would take each other for what is left of a crash. */
  const tryOnce = (): Promise<void> => {
    trying ??= connect().finally(() => {
      trying = undefined;
    });
    return trying;
  };

  const watch = async (connection: Connection): Promise<void> => {
    while (!stopping.signal.aborted && holding === connection) {
      await Promise.race([sleep(PING_EVERY_MS, stopping.signal), connection.gone]);
      if (stopping.signal.aborted || holding !== connection) return;
      await connection.client.query('select 1').catch(() => {
        holding = undefined;
        connection.client.end().catch(() => undefined);
      });
    }
  };

  const keep = async (): Promise<void> => {
    for (let attempt = 0; !stopping.signal.aborted; attempt++) {
      if (holding) {
        tell(undefined);
        await watch(holding);
        attempt = 0;
        if (stopping.signal.aborted) return;
        tell('the connection that claims the database for this station broke; claiming it again');
      }
      await tryOnce().catch((error: unknown) => {
        if (!(error instanceof ClaimTakenError)) return;
        tell(`${error.message}. Until then nothing is written to the database; beds and screens go on`);
      });
      if (!holding) await sleep(backoffDelayMs(RETRY, attempt, Math.random), stopping.signal);
    }
  };

  return {
    async acquire() {
      if (!holding) await tryOnce();
      keeping ??= keep();
    },
    isHeld: () => holding !== undefined,
    trouble: () => trouble,
    async release() {
      stopping.abort();
      const connection = holding;
      holding = undefined;
      await Promise.race([
        Promise.all([connection?.client.end().catch(() => undefined), keeping]),
        sleep(CLOSE_PATIENCE_MS),
      ]);
    },
  };
};
