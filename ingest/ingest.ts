import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Registry as MetricsRegistry } from 'prom-client';
import type { AlarmDesk } from '#contracts/ports/alarm-desk.ts';
import type { WardFeed } from '#contracts/ports/ward-feed.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database.ts';
import { coerceError } from '#platform/errors.ts';
import type { Logger } from '#platform/log.ts';
import { type Admit, createAdmit } from './admit.ts';
import { createAlarms } from './alarms/alarms.ts';
import { createAppend } from './append.ts';
import { createDevices } from './devices.ts';
import type { Fault } from './fault.ts';
import { explainNewer } from './formats/refuse-newer.ts';
import { createHearing } from './hearing.ts';
import { createInHand } from './in-hand.ts';
import { createIntervals } from './intervals.ts';
import { createJournal } from './journal/journal.ts';
import { createLiveFeed } from './live/feed.ts';
import type { Live } from './live/live.ts';
import { registerIngestMetrics } from './metrics.ts';
import { indexRegistry, type RegistryData } from './registry.ts';
import { loadRegistry, markDatabase, readRegistryCopy, recordShorter, writeRegistryCopy } from './registry-store.ts';
import { createRejects, type Refused } from './rejects.ts';
import { readLatest } from './restore.ts';
import { createStationClock } from './station-clock.ts';
import { createIngestStats, type IngestStats } from './stats.ts';
import { createStore } from './store.ts';
import { createTiming } from './timing.ts';
import { createWriter } from './writer/writer.ts';

/** A flush takes milliseconds; what waits for it is neither acknowledged nor announced in time. */
const LATE_FLUSH_MS = 1_000;

const WATCH_EVERY_MS = 1_000;

export type RefusedMessage = Omit<Refused, 'faults'> & Fault;

/**
 *   admit ─▶ decode ▸ resolve ─┬─▶ live ─▶ screens
 *                              ├─▶ alarms ─┐ ◀── said once stored
 *                              └───────────┴─▶ journal ─▶ writer ─▶ database
 *
 * Takes messages as soon as it is started, with or without a database.
 */
export type Ingest = {
  /** Opens the journal and the registry as it was last known. */
  readonly start: () => Promise<void>;
  /** False on a first start: without a database nobody is known yet and nobody can be let in. */
  readonly knowsItsDevices: () => boolean;
  /** The database is there and has our schema: reads the registry and begins to drain the journal. Rejects if it went away again. */
  readonly databaseIsReady: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly admit: Admit['admit'];
  readonly show: Admit['show'];
  /** Keeps a message that was published where it does not belong; calls back once that is safe. */
  readonly refuse: (refused: RefusedMessage, onStored: () => void) => void;
  readonly authenticate: (device: string, secret: Uint8Array) => boolean;
  /** Whether there is a device of this name. */
  readonly isDevice: (name: string) => boolean;
  readonly deviceConnected: (device: string) => void;
  readonly deviceDisconnected: (device: string) => void;
  /** Units, beds, devices, patients or who is where were changed. Resolves once that is in force. */
  readonly reloadRegistry: () => Promise<void>;
  /** The present of the ward, in this process. */
  readonly live: Pick<Live, 'units' | 'snapshot'>;
  readonly feed: WardFeed;
  readonly alarms: AlarmDesk;
  /** Why it is not all well, for a person; empty when it is. */
  readonly troubles: () => string[];
  readonly stats: IngestStats;
  /** Resolves once everything acknowledged so far is in the database. */
  readonly drained: () => Promise<void>;
};

export const createIngest = ({
  dataDir,
  database,
  mayStore = () => true,
  settings,
  clock: systemClock,
  log,
  metrics,
}: {
  dataDir: string;
  database: Database;
  /** False: another station writes there, and nothing leaves the journal. */
  mayStore?: () => boolean;
  settings: {
    lateAfterMs: number;
    retentionDays: number;
    journalMaxBytes: number;
    maxPayloadBytes: number;
    tickMs: number;
    /** How often the registry is read even when nobody said that it changed. */
    registryEveryMs: number;
  };
  clock: Clock;
  log: Logger;
  metrics: MetricsRegistry;
}): Ingest => {
  const registryCopy = join(dataDir, 'registry.json');
  const stats = createIngestStats();
  let registry = indexRegistry();
  let databaseReady = false;
  let isStarted = false;
  let watching: NodeJS.Timeout | undefined;

  const clock = createStationClock({
    clock: systemClock,
    onStep(byMs, fromMs) {
      log.warn({ byMs: Math.round(byMs) }, 'the clock of this station was put forward or back');
      stats.clockSteps++;
      devices.shiftClocks(byMs);
      alarms.clockStepped(fromMs);
    },
  });
  const { live, feed } = createLiveFeed({
    tickMs: settings.tickMs,
    clock: { ...systemClock, now: clock.now },
    onError: (error, event) => log.error({ err: error }, `a listener to ${event} failed`),
  });
  const devices = createDevices({
    now: clock.now,
    onChange(device, change) {
      live.device(device, change);
      const { state, battery, clockOffsetMs } = change;
      alarms.device(device, {
        ...(state === undefined ? {} : { online: state === 'online' }),
        ...(battery === undefined ? {} : { batteryPercent: battery }),
        ...(clockOffsetMs === undefined ? {} : { clockOffsetMs }),
      });
    },
  });
  const intervals = createIntervals({
    onChange(device, change) {
      live.device(device, change);
      alarms.device(device, { intervalMs: change.intervalMs });
      if (databaseReady && intervals.shortened().length > 0) reloadRegistry().catch(ignore);
    },
  });
  const hearing = createHearing({ intervalOf: intervals.inForce, onChange: live.device });
  const rejects = createRejects({ stats });
  const inHand = createInHand({
    folder: join(dataDir, 'in-hand'),
    now: clock.now,
    onSetAside: (device, path) =>
      log.error({ device, path }, 'the station died with a message in hand and would again; it is set aside'),
    onFailure: (error) => log.warn({ err: error }, 'what is in hand cannot be noted'),
  });
  const journal = createJournal({
    clock: systemClock,
    path: join(dataDir, 'journal'),
    maxBytes: settings.journalMaxBytes,
    onFailure: (error) =>
      log.error({ err: error }, 'the journal cannot be flushed; nothing is acknowledged until it can'),
  });
  const store = createStore({ database, journalId: journal.id });
  const writer = createWriter({
    journal,
    store: {
      ...store,
      write: (entries) =>
        mayStore() ? store.write(entries) : Promise.reject(new Error('the database is not claimed for this station')),
    },
    clock: { ...systemClock, now: clock.now },
    onStored({ readings, written, corrected }) {
      stats.storedReadings += readings;
      stats.storedRows += written;
      stats.corrections += corrected;
    },
    onFailure(error) {
      stats.databaseFailures++;
      log.warn({ err: error }, 'the database cannot be written; the journal keeps what comes');
    },
    onRefused(error) {
      stats.rejected['storage-refused']++;
      log.error({ err: error }, 'the database refused a record; it is kept in rejected_messages');
    },
  });
  registerIngestMetrics({ metrics, stats, journal: journal.state });

  const append = createAppend(journal);

  const alarms = createAlarms({
    journal,
    append,
    canStore() {
      const { full, failure } = journal.state();
      return !full && failure === undefined;
    },
    clock: { ...systemClock, now: clock.now },
    announce: live.alarms,
    metrics,
    onUnreadable({ subject, bytes }, cause) {
      // The writer, which meets it too, sets it aside and counts it.
      if (subject === null) return log.error({ err: cause }, 'a record in the journal cannot be read');
      log.error({ err: cause, subject }, 'the state of its alarms cannot be read: it is set aside, and begins anew');
      const fault = {
        reason: 'storage-refused',
        detail: `the state of alarms of ${subject}: ${cause.message}`,
      } as const;
      append(
        rejects.recordsOf({ topic: '', device: '', payload: bytes, receivedAt: clock.now(), faults: [fault] }),
        ignore,
      );
    },
    onUnknown: (subject, what) =>
      log.warn({ subject, what }, 'the state of its alarms has something in it that this version does not know'),
  });

  const timing = createTiming({
    registry: () => registry,
    devices,
    lateAfterMs: settings.lateAfterMs,
    retentionDays: settings.retentionDays,
  });

  const path = createAdmit({
    registry: () => registry,
    devices,
    timing,
    hearing,
    intervals,
    live,
    alarms,
    rejects,
    inHand,
    stats,
    append,
    maxPayloadBytes: settings.maxPayloadBytes,
  });

  const useRegistry = async (data: RegistryData): Promise<void> => {
    registry = indexRegistry(data);
    live.setRegistry(registry);
    intervals.setRegistry(registry);
    hearing.setRegistry(registry, clock.now());
    if (isStarted) await alarms.setRegistry(registry);
  };

  let reloading: Promise<void> | undefined;
  let queued: Promise<void> | undefined;
  let reloadTimer: NodeJS.Timeout | undefined;

  const reloadNow = async (): Promise<void> => {
    for (const shorter of intervals.shortened()) await recordShorter(database, shorter);
    const data = await loadRegistry(database, settings.retentionDays);
    const isSame = isDeepStrictEqual(data, registry.data);
    // Also when it is the same: what begins or ends at a time may have done so.
    await useRegistry(data);
    if (isSame) return;
    // It is only for a start without the database: a disk that is full must keep nobody from what is in force.
    await writeRegistryCopy(registryCopy, data).catch((error: unknown) =>
      log.error({ err: coerceError(error) }, 'the copy of the registry cannot be written'),
    );
  };

  const reloadRegistry = (): Promise<void> => {
    // One that runs may have read before the change; all that ask meanwhile share the next.
    if (reloading) {
      queued ??= reloading.catch(ignore).then(() => {
        queued = undefined;
        return reloadRegistry();
      });
      return queued;
    }
    reloading = reloadNow().finally(() => {
      reloading = undefined;
    });
    return reloading;
  };

  /** How long the same has been waiting for the journal, to the second. */
  let flushedThrough = 0;
  let flushWaitsSince: number | undefined;
  const watchFlush = (): void => {
    const isWaiting = journal.state().pendingAppends > 0 && journal.lastStored() === flushedThrough;
    flushedThrough = journal.lastStored();
    flushWaitsSince = isWaiting ? (flushWaitsSince ?? performance.now()) : undefined;
  };
  const flushAgeMs = (): number => (flushWaitsSince === undefined ? 0 : performance.now() - flushWaitsSince);

  const stationFacts = () => {
    const { failure, isSlow } = writer.state();
    return {
      journalShare: journal.state().storedBytes / settings.journalMaxBytes,
      databaseAway: !databaseReady || !mayStore() || failure !== undefined || isSlow,
    };
  };

  const watch = (): void => {
    watchFlush();
    alarms.station(stationFacts());
    hearing.check(clock.now());
  };

  return {
    async start() {
      try {
        const copy = await readRegistryCopy(registryCopy);
        await inHand.start();
        journal.start();
        if (copy) await useRegistry(copy);
      } catch (error) {
        throw explainNewer(error);
      }
      await alarms.start(registry);
      isStarted = true;
      watching ??= setInterval(watch, WATCH_EVERY_MS);
      live.start();
    },
    knowsItsDevices: () => registry.data.devices.length > 0,
    async databaseIsReady() {
      await markDatabase(database);
      await reloadRegistry();
      for (const { bed, time, reading } of await readLatest(database, clock.now())) live.vitals(bed, time, [reading]);
      databaseReady = true;
      writer.start();
      // What another station or a person changed, and what could not be read when it changed. Writing tells of failures.
      reloadTimer ??= setInterval(() => reloadRegistry().catch(ignore), settings.registryEveryMs);
    },
    async stop() {
      clearInterval(reloadTimer);
      reloadTimer = undefined;
      clearInterval(watching);
      watching = undefined;
      await writer.stop();
      alarms.stop();
      live.stop();
      await journal.stop();
      inHand.stop();
    },
    admit(publication, onStored) {
      clock.now();
      path.admit(publication, onStored);
    },
    show(publication) {
      clock.now();
      path.show(publication);
    },
    refuse({ reason, detail, ...refused }, onStored) {
      hearing.heard(refused.device, 'refused', refused.receivedAt);
      append(rejects.recordsOf({ ...refused, faults: [{ reason, detail }] }), onStored);
    },
    authenticate: (device, secret) => registry.authenticate(device, secret),
    isDevice: (name) => registry.device(name) !== undefined,
    deviceConnected: devices.connected,
    deviceDisconnected: devices.disconnected,
    reloadRegistry,
    live,
    feed,
    alarms,
    troubles() {
      const { failure: writeFailure, failingSince, isSlow } = writer.state();
      const { full, failure: flushFailure } = journal.state();
      const since = failingSince === undefined ? '' : ` since ${new Date(failingSince).toISOString()}`;
      return [
        ...(databaseReady ? [] : ['the database has not been reached yet; readings wait in the journal']),
        ...(writeFailure === undefined ? [] : [`the database cannot be written${since}; readings wait in the journal`]),
        ...(isSlow && writeFailure === undefined ? ['the database does not answer; readings wait in the journal'] : []),
        ...(full ? ['the journal is full: nothing is acknowledged until the database takes what is in it'] : []),
        ...(flushAgeMs() > LATE_FLUSH_MS && !full && flushFailure === undefined
          ? [`the journal is late: nothing was flushed for ${Math.round(flushAgeMs() / 1_000)} s; look at the disk`]
          : []),
        ...(flushFailure === undefined ? [] : ['the journal cannot be flushed to disk: nothing is acknowledged']),
      ];
    },
    stats,
    drained: writer.drained,
  };
};

const ignore = (): void => {};
