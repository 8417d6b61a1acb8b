import { sleep } from '#platform/backoff.ts';
import { coerceError } from '#platform/errors.ts';
import { createReleaseList } from '#platform/release.ts';
import type { HearAlarmsJob } from '../load/hear-alarms.ts';
import type { Onsets, OnsetsCommand } from '../load/onsets.ts';
import { VITALS_BODY } from '../load/packets.ts';
import type { PublishCommand, PublishJob, PublishResult, PublishTick } from '../load/publish.ts';
import type { StormCommand, StormJob, StormResult, StormTick } from '../load/storm.ts';
import type { WatchCommand, WatchJob, WatchResult, WatchTick } from '../load/watch.ts';
import type { WatchAlarmsJob } from '../load/watch-alarms.ts';
import type { RowContext } from './row.ts';
import type { BenchDatabase } from './server.ts';
import { createDataDir, lastWords, type Station, startStation } from './station.ts';
import { createWard, type Ward } from './ward.ts';
import { startWorker, type Worker } from './worker.ts';

/** A row's own database, ward, station and load processes; all gone when the row is done, however it ends. */
export type Stage = {
  readonly database: BenchDatabase;
  readonly dataDir: string;
  readonly ward: Ward;
  readonly station: () => Station;
  /** Starts the station on the same DATA_DIR again, after it was killed. */
  readonly restart: () => Promise<Station>;
  /** Resolves when all beds are connected; publishing begins at once. */
  readonly publish: (job: Partial<PublishJob> & { readonly messagesPerSecond: number }) => Promise<Publisher>;
  readonly watch: (job: Pick<WatchJob, 'screens'> & Partial<WatchJob>) => Promise<Watcher>;
  readonly watchAlarms: (
    job: Pick<WatchAlarmsJob, 'screens' | 'kind'> & Partial<WatchAlarmsJob>,
  ) => Promise<AlarmListener>;
  /** Hears alarms as an integration does, by MQTT. */
  readonly hearAlarms: (job: Pick<HearAlarmsJob, 'kind'>) => Promise<AlarmListener>;
  /** Devices that have no connection until they are told to come. */
  readonly storm: (job: Omit<StormJob, 'port' | 'secret'>) => Promise<Storm>;
  /** Something else to end when the row is done. */
  readonly atEnd: (name: string, release: () => Promise<void> | void) => void;
};

export type Publisher = Worker<PublishCommand, PublishTick, PublishResult>;
export type Storm = Worker<StormCommand, StormTick, StormResult>;
export type Watcher = Worker<WatchCommand, WatchTick, WatchResult>;
export type AlarmListener = Worker<OnsetsCommand, never, Onsets>;

const PUBLISH = new URL('../load/publish.ts', import.meta.url);
const STORM = new URL('../load/storm.ts', import.meta.url);
const WATCH = new URL('../load/watch.ts', import.meta.url);
const WATCH_ALARMS = new URL('../load/watch-alarms.ts', import.meta.url);
const HEAR_ALARMS = new URL('../load/hear-alarms.ts', import.meta.url);

const openStages = new Set<() => Promise<void>>();

/** Ends all that rows have started, in the middle of whatever they do: their promises reject, or never resolve. */
export const endStages = async (): Promise<void> => {
  await Promise.all([...openStages].map((end) => end()));
};

/** Places that are set up beside one for each bed. */
const SPARE_CONNECTIONS = 500;
/** `MQTT_MAX_CONNECTIONS` when it is left out. */
const DEFAULT_CONNECTIONS = 5_000;

/** A ward that has more beds than the settings have places for by themselves is set up with a place for each. */
const settingsFor = (beds: number): Readonly<Record<string, string>> =>
  beds + SPARE_CONNECTIONS <= DEFAULT_CONNECTIONS ? {} : { MQTT_MAX_CONNECTIONS: String(beds + SPARE_CONNECTIONS) };

export const onStage = async <Result>(
  { server, profileDir }: RowContext,
  beds: number,
  play: (stage: Stage) => Promise<Result>,
): Promise<Result> => {
  const releases = createReleaseList({
    onError: (error, name) => process.stderr.write(`bench: ${name} could not be ended: ${error.message}\n`),
  });
  openStages.add(releases.releaseAll);
  try {
    const database = await server.createDatabase();
    releases.add('database', database.drop);
    const ward = await createWard(database, beds);
    const dataDir = await createDataDir();
    releases.add('data folder', dataDir.remove);
    const settings = settingsFor(beds);
    const start = () => startStation({ dataDir: dataDir.path, databaseUrl: database.url, profileDir, settings });
    let station = await start();
    releases.add('station', () => station.stop());
    const playing = play({
      database,
      dataDir: dataDir.path,
      ward,
      station: () => station,
      async restart() {
        station = await start();
        return station;
      },
      async publish(job) {
        const worker: Publisher = startWorker(PUBLISH, {
          port: station.mqttPort,
          secret: ward.secret,
          beds: ward.publishers('vitals'),
          body: VITALS_BODY,
          boot: 'bench',
          measuredBeforeMs: 0,
          ...job,
        } satisfies PublishJob);
        releases.add('load', worker.kill);
        await worker.ready;
        return worker;
      },
      async storm(job) {
        const worker: Storm = startWorker(STORM, {
          port: station.mqttPort,
          secret: ward.secret,
          ...job,
        } satisfies StormJob);
        releases.add('storm', worker.kill);
        await worker.ready;
        return worker;
      },
      async watch(job) {
        const worker: Watcher = startWorker(WATCH, {
          url: station.liveUrl,
          token: await station.token('viewer'),
          units: ward.units,
          waves: [],
          measuredBeforeMs: 0,
          ...job,
        } satisfies WatchJob);
        releases.add('screens', worker.kill);
        await worker.ready;
        return worker;
      },
      async watchAlarms(job) {
        const worker: AlarmListener = startWorker(WATCH_ALARMS, {
          url: station.liveUrl,
          token: await station.token('viewer'),
          units: ward.units,
          waves: [],
          ...job,
        } satisfies WatchAlarmsJob);
        releases.add('screens', worker.kill);
        await worker.ready;
        return worker;
      },
      async hearAlarms(job) {
        const worker: AlarmListener = startWorker(HEAR_ALARMS, {
          port: station.mqttPort,
          token: await station.token('integration'),
          ...job,
        } satisfies HearAlarmsJob);
        releases.add('integration', worker.kill);
        await worker.ready;
        return worker;
      },
      atEnd: releases.add,
    });
    return await playing.catch(async (error: unknown) => {
      const told = [await closingsOf(station), await lastWords(dataDir.path)].filter((text) => text !== '');
      throw new Error(`${coerceError(error).message} (the station: ${told.join('; ')})`, { cause: error });
    });
  } finally {
    await releases.releaseAll();
    openStages.delete(releases.releaseAll);
  }
};

/** Which connections the station has refused or closed, by its reason; empty when none, or when it does not answer. */
const closingsOf = async (station: Station): Promise<string> => {
  const metrics = await station.metrics().catch(() => undefined);
  return Object.entries(metrics?.byLabel('wardwatch_mqtt_closed_total', 'reason') ?? {})
    .map(([reason, count]) => `${count} closed for ${reason}`)
    .join(', ');
};

/** Sleeps in steps and says how far it is. Throws when the load has lost its connections meanwhile. */
export const pass = async (
  seconds: number,
  note: string,
  { progress }: RowContext,
  publisher?: Publisher,
): Promise<void> => {
  const until = performance.now() + seconds * 1_000;
  for (let left = seconds * 1_000; left > 0; left = until - performance.now()) {
    await sleep(Math.min(500, left));
    progress(Math.min(seconds, seconds - left / 1_000 + 0.5), seconds, note);
    const lost = publisher?.latest()?.lost;
    if (lost) throw new Error(`the load lost a connection: ${lost}`);
  }
};

export const WARM_UP_SECONDS = 3;

/** Resolves with how long it took until everything the station accepted is in the database. */
export const waitUntilDrained = async (station: Station, timeoutMs: number): Promise<number> => {
  const startedAt = performance.now();
  for (;;) {
    const metrics = await station.metrics();
    const waiting = metrics.total('wardwatch_journal_bytes') + metrics.total('wardwatch_journal_pending');
    const waitedMs = performance.now() - startedAt;
    if (waiting === 0) return waitedMs;
    if (waitedMs > timeoutMs) throw new Error(`the journal is not drained after ${timeoutMs / 1_000} s`);
    // The metrics cost the station something too: a long wait is looked at seldom.
    await sleep(Math.min(500, 20 + waitedMs / 50));
  }
};
