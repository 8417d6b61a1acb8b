import { coerceError, errorCode } from './errors.ts';

/** What is wrong with a database that cannot be used, and what to do about it: for who runs the station. */

export type DatabaseFault = { readonly detail: string; readonly remedy: string };

type Explain = (context: { readonly place: string; readonly user: string; readonly reason: string }) => DatabaseFault;

const unreachable: Explain = ({ place, reason }) => ({
  detail: `cannot reach the database at ${place} (${reason})`,
  remedy: 'start it, or correct DATABASE_URL',
});

/** The server answered, and refused what it was asked. */
const refused: Explain = ({ place, reason }) => ({
  detail: `the database at ${place} refused what it was asked (${reason})`,
  remedy: 'look into its log',
});

const untrusted: Explain = ({ place, reason }) => ({
  detail: `the certificate of the database at ${place} is not trusted (${reason})`,
  remedy: `give its authority with sslrootcert=FILE in DATABASE_URL, or have the server's certificate renewed`,
});

const crowded: Explain = ({ place, reason }) => ({
  detail: `the database at ${place} has no connection left (${reason})`,
  remedy: 'raise its max_connections or the limit of the role (a station takes up to 22), or end other programs',
});

const busyMoment: Explain = ({ place, reason }) => ({
  detail: `the database at ${place} does not take connections now (${reason})`,
  remedy: 'wait until it is up, or look into its log',
});

/** What went wrong, by SQLSTATE (PostgreSQL, appendix A) or by the code of Node. */
const BY_CODE: Readonly<Record<string, Explain>> = {
  '28P01': ({ place, user }) => ({
    detail: `the database at ${place} does not accept the password of ${user}`,
    remedy: 'correct the password in DATABASE_URL, or set it there: ALTER ROLE … PASSWORD',
  }),
  '28000': ({ place, user, reason }) =>
    /no pg_hba\.conf entry.*(no encryption|SSL off)/s.test(reason)
      ? {
          detail: `the database at ${place} may take ${user} only over TLS (${reason})`,
          remedy: 'add ?sslmode=verify-full to DATABASE_URL, or let pg_hba.conf of the server allow this address',
        }
      : {
          detail: `the database at ${place} does not let ${user} in (${reason})`,
          remedy: 'create the role, or let pg_hba.conf of the server allow it from this address',
        },
  '3D000': ({ place }) => ({
    detail: `there is no such database at ${place}`,
    remedy: 'create it (createdb), or correct DATABASE_URL',
  }),
  '42501': ({ place, user, reason }) => ({
    detail: `${user} may not do what is needed in the database at ${place} (${reason})`,
    remedy: `as its owner: GRANT USAGE, CREATE ON SCHEMA public TO that role; or let \`wardwatch migrate\` be run by a role that may, which then owns the tables`,
  }),
  '25006': ({ place }) => ({
    detail: `the database at ${place} is read-only: a standby, or default_transaction_read_only is on`,
    remedy: 'let DATABASE_URL name the primary (target_session_attrs=read-write), or make it writable',
  }),
  '53300': crowded,
  '53100': ({ place, reason }) => ({
    detail: `the disk of the database at ${place} is full (${reason})`,
    remedy: 'free some space there',
  }),
  '57P03': busyMoment,
  '57P01': busyMoment,
  '57P02': busyMoment,
  '55P03': ({ place, reason }) => ({
    detail: `something else holds a lock in the database at ${place} that the migration needs (${reason})`,
    remedy:
      'let the other `wardwatch migrate` finish, or end the session that idles in a transaction (pg_stat_activity)',
  }),
  '57014': ({ place, reason }) => ({
    detail: `a statement took too long in the database at ${place} and was broken off (${reason})`,
    remedy: 'see in pg_stat_activity what the server is busy with; it is tried again',
  }),
  ENOTFOUND: ({ place, reason }) => ({
    detail: `nobody knows the host of the database at ${place} (${reason})`,
    remedy: 'correct the host in DATABASE_URL, or the name service of this machine',
  }),
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  CERT_HAS_EXPIRED: untrusted,
  ERR_TLS_CERT_ALTNAME_INVALID: untrusted,
};

/** All but class 08, connection exceptions. */
const SQLSTATE_OF_STATEMENTS = /^(?!08)(?=.*\d)[0-9A-Z]{5}$/;

/** Errors of the driver that have no code. */
const BY_WORDS: readonly (readonly [RegExp, Explain])[] = [
  [
    /does not support SSL connections/,
    ({ place }) => ({
      detail: `the database at ${place} does not speak TLS, and DATABASE_URL asks for it`,
      remedy: 'switch ssl on at the server, or take sslmode out of DATABASE_URL',
    }),
  ],
  [
    /client password must be a string/,
    ({ place, user }) => ({
      detail: `the database at ${place} asks for a password of ${user}, and DATABASE_URL has none`,
      remedy: 'set it in DATABASE_URL: postgres://user:password@host/database',
    }),
  ],
];

/** Host, port and database; never the user's password. */
export const databasePlace = (databaseUrl: string): string => {
  const { host, pathname } = new URL(databaseUrl);
  return `${host}${pathname}`;
};

const userOf = (databaseUrl: string): string => {
  const { username } = new URL(databaseUrl);
  return username === '' ? 'the role' : `the role ${decodeURIComponent(username)}`;
};

export const explainDatabaseError = (thrown: unknown, databaseUrl: string): DatabaseFault => {
  const error = coerceError(thrown);
  const code = errorCode(thrown) ?? '';
  // A name with several addresses fails with several errors, whose common message is empty.
  const reason = error.message || code || error.name;
  const explain =
    BY_CODE[code] ??
    BY_WORDS.find(([words]) => words.test(reason))?.[1] ??
    (SQLSTATE_OF_STATEMENTS.test(code) ? refused : unreachable);
  return explain({ place: databasePlace(databaseUrl), user: userOf(databaseUrl), reason });
};
