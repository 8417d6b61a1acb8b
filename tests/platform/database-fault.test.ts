import { expect, test } from 'vitest';
import { databasePlace, explainDatabaseError } from '#platform/database-fault.ts';

const URL_TEXT = 'postgres://ward:hush@db.example:5433/vitals';

const explain = (code: string | undefined, message: string) =>
  explainDatabaseError(Object.assign(new Error(message), code === undefined ? {} : { code }), URL_TEXT);

/** What the server or the driver says ─ what a person must read of it and do. */
const FAULTS = {
  'no server': ['ECONNREFUSED', 'connect ECONNREFUSED', /^cannot reach/, /^start it/],
  'no such host': ['ENOTFOUND', 'getaddrinfo ENOTFOUND db.example', /^nobody knows the host/, /correct the host/],
  'a wrong password': [
    '28P01',
    'password authentication failed',
    /does not accept the password of the role ward/,
    /password/,
  ],
  'no password': [
    undefined,
    'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string',
    /asks for a password/,
    /set it/,
  ],
  'no such role': ['28000', 'role "ward" does not exist', /does not let the role ward in/, /create the role/],
  'no such database': ['3D000', 'database "vitals" does not exist', /there is no such database/, /createdb/],
  'a statement that was broken off': [
    '57014',
    'canceling statement due to statement timeout',
    /took too long .*broken off/,
    /pg_stat_activity/,
  ],
  'no rights': [
    '42501',
    'permission denied for schema public',
    /may not do what is needed/,
    /GRANT USAGE, CREATE ON SCHEMA/,
  ],
  'TLS required': [
    '28000',
    'no pg_hba.conf entry for host "10.0.0.2", user "ward", database "vitals", no encryption',
    /only over TLS/,
    /sslmode=verify-full/,
  ],
  'no TLS there': [undefined, 'The server does not support SSL connections', /does not speak TLS/, /sslmode/],
  'a certificate of nobody': ['SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate', /not trusted/, /sslrootcert/],
  'a standby': ['25006', 'cannot execute INSERT in a read-only transaction', /read-only: a standby/, /primary/],
  'no connection left': ['53300', 'sorry, too many clients already', /no connection left/, /max_connections/],
  'a full disk': ['53100', 'could not extend file', /disk of the database .* is full/, /free some space/],
  'a server that starts': ['57P03', 'the database system is starting up', /does not take connections now/, /wait/],
  'a lock of somebody': ['55P03', 'canceling statement due to lock timeout', /holds a lock/, /pg_stat_activity/],
  'a statement that fails': ['42P07', 'relation "units" already exists', /refused what it was asked/, /log/],
} as const;

test.each(Object.entries(FAULTS))(
  '%s is named, with its remedy and without the password',
  (_, [code, message, detail, remedy]) => {
    const fault = explain(code, message);
    expect(fault.detail).toMatch(detail);
    expect(fault.detail).toContain('db.example:5433/vitals');
    expect(fault.remedy).toMatch(remedy);
    expect(JSON.stringify(fault)).not.toContain('hush');
  },
);

test('a name with several addresses fails without words: the code is told', () => {
  expect(explain('ECONNREFUSED', '').detail).toContain('(ECONNREFUSED)');
});

test('the place of a database has no password in it', () => {
  expect(databasePlace(URL_TEXT)).toBe('db.example:5433/vitals');
});
