import { execFile } from 'node:child_process';
import { chown, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { errorCode, UserError } from './errors.ts';

/**
 * PostgreSQL refuses to run as root. As root we run it, in this order:
 *   - as the owner of an existing data directory that is not root's;
 *   - in a user namespace in which root is called nobody: the files stay root's, so it works wherever root works, also
 *     in a checkout under /root, and the machine gets no new account;
 *   - as the account `postgres`, made if need be, where namespaces are forbidden (most containers).
 */
export type PostgresAccount = {
  /** The command line that runs `program` under the account. */
  readonly command: (program: string, args: readonly string[]) => readonly [string, readonly string[]];
  /** Options of `spawn` that run a program under the account. */
  readonly identity: { readonly uid?: number; readonly gid?: number };
  /** Makes a file or folder the account's. */
  readonly own: (path: string) => Promise<void>;
};

type Ids = { readonly uid: number; readonly gid: number };

const run = promisify(execFile);

/** Any account but root that every system has; PostgreSQL wants one with a name. */
const NOBODY = 65_534;
const NAMESPACE = ['--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--'] as const;

const asOurselves: PostgresAccount = {
  command: (program, args) => [program, args],
  identity: {},
  own: async () => {},
};

const inNamespace: PostgresAccount = {
  ...asOurselves,
  command: (program, args) => ['unshare', [...NAMESPACE, program, ...args]],
};

const asUser = (ids: Ids): PostgresAccount => ({
  command: (program, args) => [program, args],
  identity: ids,
  own: (path) => chown(path, ids.uid, ids.gid),
});

/**
 * `dataDir` is the database's own folder, which may not exist yet; `binary` is a program the account must be able to run.
 * Throws a UserError when root has no way.
 */
export const choosePostgresAccount = async (dataDir: string, binary: string): Promise<PostgresAccount> => {
  if (process.getuid?.() !== 0) return asOurselves;
  const owner = await ownerOf(dataDir);
  if (owner && owner.uid !== 0) return reachable(owner, dataDir, binary);
  const namespaces = await run('unshare', [...NAMESPACE, binary, '--version']).then(
    () => true,
    () => false,
  );
  return namespaces ? inNamespace : reachable(await postgresUser(), dataDir, binary);
};

const ownerOf = (path: string): Promise<Ids | undefined> =>
  stat(path).then(
    ({ uid, gid }) => ({ uid, gid }),
    (error: unknown) => {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    },
  );

const idsOf = async (name: string): Promise<Ids> => {
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, name])).stdout)),
  );
  return { uid: uid ?? NOBODY, gid: gid ?? NOBODY };
};

const postgresUser = async (): Promise<Ids> => {
  try {
    return await idsOf('postgres').catch(async () => {
      await run('useradd', [
        '--system',
        '--user-group',
        '--no-create-home',
        '--shell',
        '/usr/sbin/nologin',
        'postgres',
      ]);
      return idsOf('postgres');
    });
  } catch (error) {
    throw new UserError(
      'PostgreSQL refuses to run as root and no user "postgres" could be made: start wardwatch as an ordinary user, or set DATABASE_URL',
      { cause: error },
    );
  }
};

const reachable = async (ids: Ids, dataDir: string, binary: string): Promise<PostgresAccount> => {
  for (const path of [binary, dirname(dataDir)]) {
    await run('test', ['-x', path], ids).catch((error: unknown) => {
      throw new UserError(
        `PostgreSQL refuses to run as root and user ${ids.uid} cannot reach ${path}: start wardwatch as an ordinary user, open the folders above it (chmod o+x), or set DATABASE_URL`,
        { cause: error },
      );
    });
  }
  return asUser(ids);
};
