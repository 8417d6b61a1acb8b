import type { Clock } from '#platform/clock.ts';
import type { Config } from '#platform/config.ts';
import { coerceError } from '#platform/errors.ts';
import type { Logger } from '#platform/log.ts';
import { removeStationFile, writeStationFile } from '#platform/station-file.ts';
import type { Level } from '../../migrations/levels.ts';

export type StationAddresses = {
  readonly http: string;
  readonly mqtt: string;
  readonly mqtts: string | undefined;
  /** What the database offers; `away` while it cannot be reached. */
  readonly databaseLevel: Level | 'away';
};

export type MqttPorts = { readonly port: number; readonly tlsPort: number | undefined };

const isAnyAddress = (host: string): boolean => host === '0.0.0.0' || host === '::';

/** Where a program on this machine finds the listeners. */
export const mqttAddresses = ({ host }: Pick<Config, 'host'>, { port, tlsPort }: MqttPorts) => {
  const reachable = isAnyAddress(host) ? '127.0.0.1' : host;
  return {
    mqtt: `mqtt://${reachable}:${port}`,
    mqtts: tlsPort === undefined ? undefined : `mqtts://${reachable}:${tlsPort}`,
  };
};

/** Commands find the station by its file. On a full disk the screens matter more. Returns what removes it. */
export const publishAddresses = async (
  { http, mqtt, mqtts }: StationAddresses,
  { dataDir, clock, log }: { dataDir: string; clock: Clock; log: Logger },
): Promise<() => Promise<void>> => {
  const startedAt = new Date(clock.now()).toISOString();
  const file = { pid: process.pid, http, mqtt, ...(mqtts ? { mqtts } : {}), startedAt };
  await writeStationFile(dataDir, file).catch((error: unknown) => {
    log.error({ err: coerceError(error) }, 'station.json cannot be written');
  });
  return () => removeStationFile(dataDir);
};
