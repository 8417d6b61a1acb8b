import { join } from 'node:path';
import { isSpot } from '#domain/interval.ts';
import type { Clock } from '#platform/clock.ts';
import type { Logger } from '#platform/log.ts';
import { createAdmit } from './admit.ts';
import { type Alarms, createAlarms } from './alarms/alarms.ts';
import type { DeviceFacts } from './alarms/device-facts.ts';
import type { OnUnreadable } from './alarms/saved.ts';
import type { IngestDependencies } from './dependencies.ts';
import { createDevices, type Devices } from './devices.ts';
import { createDirectory } from './directory.ts';
import { createGateways, type Gateways } from './gateways.ts';
import { createHearing, type Hearing } from './hearing.ts';
import { createInHand, type InHand } from './in-hand.ts';
import { createIntervals, type Intervals } from './intervals.ts';
import type { DeviceChange } from './live/changes.ts';
import { createLiveFeed } from './live/feed.ts';
import type { Live } from './live/live.ts';
import { registerIngestMetrics } from './metrics.ts';
import { createMonitorAlarms, type MonitorAlarms } from './monitor-alarms/monitor-alarms.ts';
import { createOnlookers } from './onlookers.ts';
import { wholeWard } from './ownership.ts';
import type { Registry } from './registry.ts';
import { createRegistryKeeper, type RegistryKeeper } from './registry-keeper.ts';
import { createRejects, type Rejects } from './rejects.ts';
import { createRhythms } from './rhythms.ts';
import { createSink } from './sink.ts';
import { createStationClock } from './station-clock.ts';
import { createIngestStats } from './stats.ts';
import { createStorage, type Storage } from './storage.ts';
import { createStore } from './store.ts';
import { createTiming } from './timing.ts';

/** The parts of ingest, made leaf to root. Parts that call each other in a circle are found when they are called. */

type Watched = {
  readonly devices: Devices;
  readonly gateways: Gateways;
  readonly intervals: Intervals;
  readonly hearing: Hearing;
};

/** The part of a change of a device that the alarms hear. */
const factsIn = ({ state, lostWith, battery, clockOffsetMs }: DeviceChange): DeviceFacts => ({
  // Of a device that is lost with its gateway nobody knows whether it is offline.
  ...(state === undefined || lostWith !== undefined ? {} : { online: state === 'online' }),
  ...(battery === undefined ? {} : { batteryPercent: battery }),
  ...(clockOffsetMs === undefined ? {} : { clockOffsetMs }),
});

/** Whatever is known of devices beside their readings. */
const watchDevices = ({
  clock,
  live,
  alarms,
  monitorAlarms,
  onInterval,
}: {
  clock: Clock;
  live: Live;
  alarms: () => Alarms;
  monitorAlarms: () => MonitorAlarms;
  onInterval: () => void;
}): Watched => {
  const devices = createDevices({
    now: clock.now,
    onChange(device, change) {
      live.device(device, change);
      const facts = factsIn(change);
      if (Object.keys(facts).length > 0) alarms().device(device, facts);
      monitorAlarms().device(device, change);
    },
  });
  const gateways = createGateways({
    now: clock.now,
    devices,
    isContinuous: (device) => !isSpot(intervals.inForce(device)),
    onLost: (gateway, lost) => alarms().gateway(gateway, lost),
  });
  const intervals = createIntervals({
    onChange(device, change) {
      live.device(device, change);
      alarms().device(device, { intervalMs: change.intervalMs });
      onInterval();
    },
  });
  const hearing = createHearing({
    intervalOf: intervals.inForce,
    onChange(device, change) {
      live.device(device, change);
      monitorAlarms().device(device, change);
    },
  });
  return { devices, gateways, intervals, hearing };
};

const watchHands = (dataDir: string, clock: Clock, log: Logger): InHand =>
  createInHand({
    folder: join(dataDir, 'in-hand'),
    now: clock.now,
    onSetAside: (device, path) =>
      log.error({ device, path }, 'the station died with a message in hand and would again; it is set aside'),
    onFailure: (error) => log.warn({ err: error }, 'what is in hand cannot be noted'),
  });

/**
 * A state that cannot be read is kept with the refused messages. A record that cannot be read is left to the writer,
 * which meets it too.
 */
const setAsideUnreadable =
  (clock: Clock, log: Logger, rejects: Rejects, { append }: Storage): OnUnreadable =>
  ({ subject, bytes }, cause) => {
    if (subject === null) {
      log.error({ err: cause }, 'a record in the journal cannot be read');
      return;
    }
    log.error({ err: cause, subject }, 'the state of its alarms cannot be read: it is set aside, and begins anew');
    const fault = { reason: 'storage-refused', detail: `the state of alarms of ${subject}: ${cause.message}` } as const;
    const refused = { topic: '', device: '', payload: bytes, receivedAt: clock.now(), faults: [fault] };
    append(rejects.recordsOf(refused), ignore);
  };

const createAlarmsOf = (
  { metrics, log, ownership = wholeWard }: IngestDependencies,
  clock: Clock,
  storage: Storage,
  live: Live,
  rejects: Rejects,
): Alarms =>
  createAlarms({
    journal: storage.journal,
    append: storage.append,
    canStore: storage.canStore,
    ownership,
    clock,
    metrics,
    announce: live.alarms,
    onUnreadable: setAsideUnreadable(clock, log, rejects, storage),
    onUnknown: (subject, what) =>
      log.warn({ subject, what }, 'the state of its alarms has something in it that this version does not know'),
  });

const createMonitorAlarmsOf = (
  { log, metrics }: IngestDependencies,
  clock: Clock,
  storage: Storage,
  live: Live,
  rejects: Rejects,
): MonitorAlarms =>
  createMonitorAlarms({
    journal: storage.journal,
    append: storage.append,
    canStore: storage.canStore,
    clock,
    metrics,
    announce: live.monitorAlarms,
    onUnreadable: setAsideUnreadable(clock, log, rejects, storage),
  });

/** Has a registry be in force for all that go by it. */
const useEverywhere =
  (clock: Clock, live: Live, { gateways, intervals, hearing }: Watched, alarms: Alarms, monitorAlarms: MonitorAlarms) =>
  async (registry: Registry): Promise<void> => {
    live.setRegistry(registry);
    intervals.setRegistry(registry);
    hearing.setRegistry(registry, clock.now());
    monitorAlarms.setRegistry(registry);
    await alarms.setRegistry(registry);
    gateways.setRegistry(registry);
  };

export const assemble = (deps: IngestDependencies) => {
  const { dataDir, database, mayStore = () => true, settings, log, metrics } = deps;
  const { openStore = (journalId) => createStore({ database, journalId }) } = deps;
  const stats = createIngestStats();
  const clock = createStationClock({
    clock: deps.clock,
    onStep(byMs, fromMs) {
      log.warn({ byMs: Math.round(byMs) }, 'the clock of this station was put forward or back');
      stats.clockSteps++;
      watched.devices.shiftClocks(byMs);
      rhythms.shift(byMs);
      alarms.clockStepped(fromMs);
      watched.gateways.tellAgain();
      monitorAlarms.clockStepped();
    },
  });
  const { live, feed } = createLiveFeed({
    tickMs: settings.tickMs,
    clock,
    onError: (error, event) => log.error({ err: error }, `a listener to ${event} failed`),
  });
  const rhythms = createRhythms();
  const rejects = createRejects({ stats });
  const storage = createStorage({ ...settings, dataDir, openStore, mayStore, clock, log, stats });
  registerIngestMetrics({ metrics, stats, journal: storage.journal.state });
  const alarms = createAlarmsOf(deps, clock, storage, live, rejects);
  const monitorAlarms = createMonitorAlarmsOf(deps, clock, storage, live, rejects);
  // A shorter interval is put on record by reading the registry again.
  const onInterval = (): void => {
    if (storage.isDatabaseReady() && watched.intervals.shortened().length > 0) keeper.reload().catch(ignore);
  };
  const parts = { alarms: () => alarms, monitorAlarms: () => monitorAlarms };
  const watched: Watched = watchDevices({ clock, live, ...parts, onInterval });
  const keeper: RegistryKeeper = createRegistryKeeper({
    ...{ dataDir, database, clock, log },
    retentionDays: settings.retentionDays,
    everyMs: settings.registryEveryMs,
    shortened: watched.intervals.shortened,
    use: useEverywhere(clock, live, watched, alarms, monitorAlarms),
  });
  const inHand = watchHands(dataDir, clock, log);
  const timing = createTiming({ ...settings, registry: keeper.current, devices: watched.devices });
  const onlookers = createOnlookers({ ...watched, rhythms, registry: keeper.current, now: clock.now });
  const path = createAdmit({
    ...{ ...settings, ...watched, timing, live, alarms, monitorAlarms, rejects, inHand, stats, onlookers },
    registry: keeper.current,
    append: storage.append,
  });
  const sink = createSink({ ...watched, lookAtClock: clock.now, path, rejects, onlookers, append: storage.append });
  const { hearing } = watched;
  return {
    ...{ clock, storage, keeper, alarms, monitorAlarms, hearing, inHand, live, feed, sink, stats },
    directory: createDirectory(keeper),
    deviceWatch: onlookers,
    gateways: watched.gateways,
  };
};

const ignore = (): void => {};
