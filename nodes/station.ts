import type { Clock } from '#platform/clock.ts';
import type { Config } from '#platform/config.ts';
import type { Logger } from '#platform/log.ts';
import { createReleaseList } from '#platform/release.ts';
import { mqttAddresses, publishAddresses, type StationAddresses } from './station/addresses.ts';
import { openArchive } from './station/archive.ts';
import { bringUpDatabase } from './station/database.ts';
import { openApi, openBroker, shareConnections } from './station/doors.ts';
import { layFoundation } from './station/foundation.ts';
import { watchHealth } from './station/health.ts';
import { openIngest } from './station/ingest.ts';
import type { Opening } from './station/opening.ts';
import { prepareStore } from './station/store.ts';

/**
 * All in one process. Every part is made here and handed its neighbours as ports, leaf to root, started in that order and
 * stopped in reverse.
 *
 *   lock ─▶ database ─▶ ingest ─▶ claim, migrate ─▶ broker ─▶ api
 */
export type Station = {
  /** Resolves when devices and screens can connect. Throws a UserError with the remedy when that cannot be. */
  readonly start: () => Promise<StationAddresses>;
  /** Takes no more messages, finishes what is in hand, closes everything. What is in the journal stays there. */
  readonly stop: () => Promise<void>;
};

export type StationOptions = {
  readonly config: Config;
  readonly log: Logger;
  readonly clock: Clock;
  readonly version: string;
};

const open = async (opening: Opening, isStopping: () => boolean): Promise<StationAddresses> => {
  const { config, log } = opening;
  const foundation = await layFoundation(opening);
  const store = prepareStore(opening, foundation);
  const ingest = await openIngest(opening, foundation, store.open);
  const desk = openArchive(opening, foundation);
  const { bringUp, databaseLevel } = await bringUpDatabase(opening, foundation, ingest, desk);
  const health = watchHealth(opening, { bringUp, claim: foundation.claim, ingest });
  const shares = shareConnections(config, log);
  const { broker, ports } = await openBroker(opening, foundation, shares, ingest);
  const { url: http } = await openApi(opening, foundation, shares, {
    ingest,
    broker,
    ports,
    desk,
    health: () => health(broker, isStopping()),
  });
  const addresses: StationAddresses = { http, ...mqttAddresses(config, ports), databaseLevel };
  const unpublish = await publishAddresses(addresses, { ...opening, dataDir: config.dataDir });
  opening.releases.add('station file', unpublish);
  store.stationIsReady();
  return addresses;
};

export const createStation = (options: StationOptions): Station => {
  const releases = createReleaseList({
    onError: (error, name) => options.log.error({ err: error }, `stopping ${name} failed`),
  });
  let isStopping = false;
  let opened: Promise<StationAddresses> | undefined;
  return {
    async start() {
      opened ??= open({ ...options, releases }, () => isStopping);
      try {
        return await opened;
      } catch (error) {
        await releases.releaseAll();
        throw error;
      }
    },
    async stop() {
      isStopping = true;
      await opened?.catch(() => undefined);
      await releases.releaseAll();
    },
  };
};
