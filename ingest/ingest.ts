import type { AlarmDesk } from '#contracts/ports/alarm-desk.ts';
import type { DeviceWatch } from '#contracts/ports/device-watch.ts';
import type { Directory } from '#contracts/ports/directory.ts';
import type { GatewayPresences } from '#contracts/ports/gateway-presence.ts';
import type { IntakeSink } from '#contracts/ports/intake.ts';
import type { WardFeed } from '#contracts/ports/ward-feed.ts';
import type { Cancel } from '#platform/clock.ts';
import { assemble } from './assembly.ts';
import type { IngestDependencies } from './dependencies.ts';
import { explainNewer } from './formats/refuse-newer.ts';
import { joinDesks } from './joined-desk.ts';
import type { Live } from './live/live.ts';
import { markDatabase } from './registry-store.ts';
import { readLatest } from './restore.ts';
import { createShow } from './show.ts';
import type { IngestStats } from './stats.ts';

/**
 *   sink ─▶ decode ▸ resolve ─┬─▶ live ─▶ feed ─▶ screens
 *                             ├─▶ alarms ─┐ ◀── announced once stored
 *                             └───────────┴─▶ journal ─▶ writer ─▶ database
 *
 * Takes messages as soon as it is started, with or without a database.
 */
export type Ingest = {
  /** Opens the journal and the registry as it was last known. */
  readonly start: () => Promise<void>;
  /** The database is there and has our schema: reads the registry and begins to drain the journal. Rejects if it went away again. */
  readonly databaseIsReady: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** What the intake hands its messages to. */
  readonly sink: IntakeSink;
  readonly directory: Directory;
  readonly deviceWatch: DeviceWatch;
  readonly gateways: GatewayPresences;
  readonly feed: WardFeed;
  readonly alarms: AlarmDesk;
  /** The present of the ward, in this process. */
  readonly live: Pick<Live, 'units' | 'snapshot'>;
  /** Units, beds, devices, patients or who is where were changed. Resolves once that is in force. */
  readonly reloadRegistry: () => Promise<void>;
  /** Why it is not all well, for a person; empty when it is. */
  readonly troubles: () => string[];
  readonly stats: IngestStats;
  /** Resolves once everything acknowledged so far is in the database. */
  readonly drained: () => Promise<void>;
};

const WATCH_EVERY_MS = 1_000;

export const createIngest = (deps: IngestDependencies): Ingest => {
  const { clock, storage, keeper, alarms, monitorAlarms, hearing, gateways, inHand, live, ...doors } = assemble(deps);
  const show = createShow({ alarms, live });
  let stopWatching: Cancel | undefined;

  const watch = (): void => {
    storage.watch();
    alarms.station(storage.facts());
    hearing.check(clock.now());
    gateways.check();
  };

  const startMonitors = (): Promise<void> =>
    monitorAlarms.start(keeper.current()).catch((error: unknown) => Promise.reject(explainNewer(error)));

  return {
    ...doors,
    gateways: { presenceOf: async (gateway) => gateways.presenceOf(gateway) },
    live,
    alarms: joinDesks(alarms, monitorAlarms),
    async start() {
      try {
        await inHand.start();
        storage.start();
        await keeper.readCopy();
      } catch (error) {
        throw explainNewer(error);
      }
      await alarms.start(keeper.current());
      gateways.tellAgain();
      await startMonitors();
      stopWatching ??= clock.every(WATCH_EVERY_MS, watch);
      live.start();
    },
    async databaseIsReady() {
      await markDatabase(deps.database);
      await keeper.reload();
      const latest = await readLatest(deps.database, clock.now());
      for (const { bed, device, time, reading } of latest) show(bed, device, time, [reading]);
      storage.beginWriting();
      keeper.start();
    },
    async stop() {
      keeper.stop();
      stopWatching?.();
      stopWatching = undefined;
      await storage.endWriting();
      alarms.stop();
      monitorAlarms.stop();
      live.stop();
      await storage.stop();
      inHand.stop();
    },
    reloadRegistry: keeper.reload,
    troubles: storage.troubles,
    drained: storage.drained,
  };
};
