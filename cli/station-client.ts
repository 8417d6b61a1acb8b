import { join } from 'node:path';
import { z } from 'zod';
import { coerceError, UserError } from '#platform/errors.ts';
import { readStationFile, type StationInfo } from '#platform/station-file.ts';
import { operatorName, tokensOf } from './identity.ts';
import { readConfig } from './settings.ts';

/** A running station, driven by its HTTP API: the same door that any other program has. */

const TIMEOUT_MS = 10_000;
const TOKEN_LIFETIME_MS = 300_000;

export type FoundStation = { readonly dataDir: string; readonly info: StationInfo };

/** The demo's folder inside a DATA_DIR: simulated patients are never mixed with a ward's own. */
export const demoDataDir = (dataDir: string): string => join(dataDir, 'demo');

const answers = async ({ http }: StationInfo): Promise<boolean> => {
  try {
    return (await fetch(`${http}/health/live`, { signal: AbortSignal.timeout(TIMEOUT_MS) })).ok;
  } catch {
    return false;
  }
};

/** The station that runs on this DATA_DIR, or else its demo. undefined when neither answers. */
export const findStation = async (dataDir: string): Promise<FoundStation | undefined> => {
  for (const folder of [dataDir, demoDataDir(dataDir)]) {
    // A folder of somebody else's may not be readable: then there is none of ours.
    const info = await readStationFile(folder).catch(() => undefined);
    if (info && (await answers(info))) return { dataDir: folder, info };
  }
  return undefined;
};

export type StationOptions = { dataDir?: string; url?: string; token?: string };

export type StationClient = {
  /** Resolves with the body that `schema` describes. Throws a UserError for what the station refuses. */
  readonly request: <Schema extends z.ZodType>(
    schema: Schema,
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body?: object,
  ) => Promise<z.infer<Schema>>;
};

const Problem = z.object({
  title: z.string(),
  detail: z.string().optional(),
});

const REMEDIES: Readonly<Record<number, string>> = {
  401: 'give a token of this station by --token, as `wardwatch token` prints it',
  403: 'give a token with the role operator by --token',
  503: 'see `wardwatch doctor` for what the station misses',
};

const refusal = async (response: Response): Promise<UserError> => {
  const problem = Problem.safeParse(await response.json().catch(() => undefined));
  const reason = problem.success ? (problem.data.detail ?? problem.data.title) : `status ${response.status}`;
  const remedy = REMEDIES[response.status];
  return new UserError(`the station refused: ${reason}${remedy ? `; ${remedy}` : ''}`);
};

export const createStationClient = ({ url, token }: { url: string; token: string }): StationClient => ({
  async request(schema, method, path, body) {
    const response = await fetch(`${url}/api/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((thrown: unknown) => {
      const error = coerceError(thrown);
      const reason = error.cause instanceof Error ? error.cause.message : error.message;
      throw new UserError(`no station answers at ${url} (${reason}): start it, or correct --url`, { cause: error });
    });
    if (!response.ok) throw await refusal(response);
    return schema.parse(await response.json());
  },
});

/** The station named by `url`, else the one that runs on the DATA_DIR; its own key signs a token when none is given. */
export const connectToStation = async ({ dataDir, url, token }: StationOptions): Promise<StationClient> => {
  const config = readConfig(dataDir === undefined ? {} : { dataDir });
  const found = url === undefined || token === undefined ? await findStation(config.dataDir) : undefined;
  const address = url ?? found?.info.http;
  if (address === undefined) {
    throw new UserError(
      `no station is running on ${config.dataDir}: start one, or name it by --data-dir, or by --url and --token`,
    );
  }
  const issue = async () =>
    (await tokensOf(found?.dataDir ?? config.dataDir)).issue({
      name: operatorName(),
      role: 'operator',
      kind: 'access',
      expiresInMs: TOKEN_LIFETIME_MS,
    });
  return createStationClient({ url: address.replace(/\/$/, ''), token: token ?? (await issue()) });
};
