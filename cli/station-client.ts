import { join } from 'node:path';
import type { Command } from 'commander';
import { UserError } from '#platform/errors.ts';
import { readStationFile, type StationInfo } from '#platform/station-file.ts';
import { createStationApi, type StationApi, StationRefusal } from '../simulators/station-api.ts';
import { operatorName, tokensOf } from './identity.ts';
import { DATA_DIR_OPTION, readConfig } from './settings.ts';

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
    // A folder of another account may not be readable: then it holds no station of ours.
    const info = await readStationFile(folder).catch(() => undefined);
    if (info && (await answers(info))) return { dataDir: folder, info };
  }
  return undefined;
};

export type StationOptions = { dataDir?: string; url?: string; mqtt?: string; token?: string };

export type Target = { readonly url: string; readonly mqtt: string; readonly token: string };

const REMEDIES: Readonly<Record<number, string>> = {
  401: 'give a token of this station by --token, as `wardwatch token` prints it',
  403: 'give a token with the role operator by --token',
  409: '`wardwatch device list` and `wardwatch gateway list` show what there is, `wardwatch device secret` gives a device a new password',
  503: 'see `wardwatch doctor` for what the station misses',
};

/** Adds what a person at the command line can do about a refusal. */
const withRemedies = (api: StationApi): StationApi => ({
  request: (...args) =>
    api.request(...args).catch((error: unknown) => {
      const remedy = error instanceof StationRefusal ? REMEDIES[error.status] : undefined;
      throw remedy && error instanceof Error ? new UserError(`${error.message}: ${remedy}`, { cause: error }) : error;
    }),
});

const MQTT_PORT = 1883;

/**
 * The station named by `url`, else the one that runs on the DATA_DIR; its own key signs a token when none is given.
 * Throws a UserError when there is none.
 */
export const targetStation = async ({ dataDir, url, mqtt, token }: StationOptions): Promise<Target> => {
  const config = readConfig(dataDir === undefined ? {} : { dataDir });
  const found = url === undefined || token === undefined ? await findStation(config.dataDir) : undefined;
  const address = url ?? found?.info.http;
  if (address === undefined) {
    throw new UserError(
      `no station is running on ${config.dataDir}: start one, or name it by --data-dir, or by --url and --token`,
    );
  }
  if (!URL.canParse(address)) throw new UserError(`--url ${address} is no address: give one like http://ward:8080`);
  const issue = async () =>
    (await tokensOf(found?.dataDir ?? config.dataDir)).issue({
      name: operatorName(),
      role: 'operator',
      kind: 'access',
      expiresInMs: TOKEN_LIFETIME_MS,
    });
  return {
    url: address.replace(/\/$/, ''),
    mqtt: mqtt ?? (url === undefined && found ? found.info.mqtt : `mqtt://${new URL(address).hostname}:${MQTT_PORT}`),
    token: token ?? (await issue()),
  };
};

export const connectToStation = async (options: StationOptions, signal?: AbortSignal): Promise<StationApi> =>
  withRemedies(createStationApi({ ...(await targetStation(options)), signal }));

/** The options of every verb that speaks to a station. */
export const stationOptions = (command: Command): Command =>
  command
    .option(...DATA_DIR_OPTION)
    .option('--url <url>', 'the address of a station elsewhere')
    .option('--token <token>', 'a bearer token for it (default: one signed with the key in DATA_DIR)')
    .option('--json', 'print the result as JSON');
