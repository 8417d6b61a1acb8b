import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { type Config, parseConfig } from '#platform/config.ts';
import { errorCode, UserError } from '#platform/errors.ts';

export type Settings = Readonly<Record<string, string | undefined>>;

/** The option of every verb that has to do with a station's files. */
export const DATA_DIR_OPTION = [
  '--data-dir <folder>',
  "the station's folder (default: DATA_DIR, else ./data)",
] as const;

const envFile = (): Settings => {
  try {
    return parseEnv(readFileSync('.env', 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return {};
    throw new UserError(`.env cannot be read (${errorCode(error)}): make it readable, or move it away`, {
      cause: error,
    });
  }
};

/** Options before the environment before `.env` in the working directory. */
export const readSettings = ({ dataDir }: { dataDir?: string } = {}): Settings => ({
  ...envFile(),
  ...process.env,
  ...(dataDir === undefined ? {} : { DATA_DIR: dataDir }),
});

/** Throws a UserError that names every bad setting. */
export const readConfig = (options: { dataDir?: string }): Config => parseConfig(readSettings(options));
