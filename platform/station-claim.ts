import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import pg from 'pg';
import { type Backoff, backoffDelayMs, sleep, within } from './backoff.ts';
import { CLAIM_KEY, claimName, holderText, isOfStation, readHolder } from './claim-holder.ts';
import { type Clock, systemClock } from './clock.ts';
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

const RETRY: Backoff = { firstMs: 100, maxMs: 5_000 };
const PING_EVERY_MS = 5_000;
const ANSWER_WITHIN_MS = 5_000;
const CLOSE_PATIENCE_MS = 1_000;

/** With these settings the server frees the lock of a machine that lost its power within half a minute. */
const KEEPALIVE = `set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 4`;

/** Takes the lock, also from what is left of this station's last life. Throws a ClaimTakenError. */
const takeLock = async (client: pg.Client, identity: string): Promise<void> => {
  for (let attempt = 0; ; attempt++) {
    const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1) as got', [CLAIM_KEY]);
    if (rows[0]?.got) return;
    const holder = await readHolder(client);
    // The holder gave it back between the two questions.
    if (!holder && attempt < 3) continue;
    // DATA_DIR is locked, so a holder of the same identity is no other station: it is left over from a crash.
    if (holder && isOfStation(holder, identity) && attempt < 3) {
      await client.query('select pg_terminate_backend($1, 2000)', [holder.pid]);
      continue;
    }
    const who = holder ? holderText(holder) : 'somebody who is not to be seen';
    throw new ClaimTakenError(
      `another station is running on this database (${who}): stop that one, or give this one a DATABASE_URL of its own`,
    );
  }
};

/** `gone` resolves when it broke or was closed. */
type Connection = { readonly client: pg.Client; readonly gone: Promise<void>; readonly close: () => Promise<void> };

/** A connection that has the lock. Rejects with a ClaimTakenError, or as `pg` does when the server is away. */
const openClaimed = async (
  databaseUrl: string,
  { identity, name }: { identity: string; name: string },
): Promise<Connection> => {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: name,
    connectionTimeoutMillis: ANSWER_WITHIN_MS,
    query_timeout: ANSWER_WITHIN_MS,
    keepAlive: true,
  });
  const close = (): Promise<void> => client.end().catch(() => undefined);
  const gone = new Promise<void>((resolve) => {
    client.on('error', () => resolve());
    client.on('end', () => resolve());
  });
  try {
    await client.connect();
    await client.query(KEEPALIVE);
    await takeLock(client, identity);
    return { client, gone, close };
  } catch (error) {
    // A frozen server does not confirm the end, and is not waited for.
    void close();
    throw error;
  }
};

/** The connection that has the lock, while there is one. */
const createHeldConnection = (open: () => Promise<Connection>, stopping: AbortSignal, clock: Clock) => {
  let held: Connection | undefined;
  let taking: Promise<void> | undefined;

  const drop = (connection: Connection): void => {
    if (held === connection) held = undefined;
    void connection.close();
  };

  const connect = async (): Promise<void> => {
    const connection = await open();
    if (stopping.aborted) return void connection.close();
    held = connection;
    void connection.gone.then(() => drop(connection));
  };

  return {
    isHeld: () => held !== undefined,
    /** One try at a time: of two, each would take the other for a connection left over from a crash. */
    take(): Promise<void> {
      taking ??= connect().finally(() => {
        taking = undefined;
      });
      return taking;
    },
    /** Resolves when it is lost, or the station stops. */
    async watch(): Promise<void> {
      const connection = held;
      while (connection && held === connection && !stopping.aborted) {
        await Promise.race([sleep(PING_EVERY_MS, stopping, clock), connection.gone]);
        if (stopping.aborted || held !== connection) return;
        await connection.client.query('select 1').catch(() => drop(connection));
      }
    },
    async giveBack(): Promise<void> {
      const connection = held;
      held = undefined;
      await connection?.close();
    },
  };
};

export const createStationClaim = ({
  databaseUrl,
  dataDir,
  secret,
  onTrouble,
  clock = systemClock,
}: {
  databaseUrl: string;
  dataDir: string;
  /** The secret of DATA_DIR: by it a station knows its own connection from before a crash. */
  secret: Uint8Array;
  /** Called once for each time it is lost or found taken, and with undefined when it is held again. */
  onTrouble: (trouble: string | undefined) => void;
  clock?: Clock;
}): StationClaim => {
  const identity = createHash('sha256').update(secret).update(hostname()).update(dataDir).digest('hex').slice(0, 6);
  const stopping = new AbortController();
  const { signal } = stopping;
  const name = claimName({ identity, dataDir });
  const connection = createHeldConnection(() => openClaimed(databaseUrl, { identity, name }), signal, clock);
  let keeping: Promise<void> | undefined;
  let trouble: string | undefined;

  const tell = (next: string | undefined): void => {
    if (next === trouble) return;
    trouble = next;
    onTrouble(next);
  };

  const keep = async (): Promise<void> => {
    for (let attempt = 0; !signal.aborted; attempt++) {
      if (connection.isHeld()) {
        tell(undefined);
        await connection.watch();
        attempt = 0;
        if (signal.aborted) return;
        tell('the connection that claims the database for this station broke; claiming it again');
      }
      await connection.take().catch((error: unknown) => {
        if (!(error instanceof ClaimTakenError)) return;
        tell(`${error.message}. Until then nothing is written to the database; beds and screens go on`);
      });
      if (!connection.isHeld()) await sleep(backoffDelayMs(RETRY, attempt, Math.random), signal, clock);
    }
  };

  return {
    async acquire() {
      if (!connection.isHeld()) await connection.take();
      keeping ??= keep();
    },
    isHeld: connection.isHeld,
    trouble: () => trouble,
    async release() {
      stopping.abort();
      await within(CLOSE_PATIENCE_MS, Promise.all([connection.giveBack(), keeping]), clock);
    },
  };
};
