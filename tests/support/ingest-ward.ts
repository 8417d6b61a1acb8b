import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import type { AlarmFrame } from '#contracts/live.ts';
import type { VitalsMessage } from '#contracts/mqtt/messages.ts';
import type { Channel } from '#contracts/mqtt/topics.ts';
import type { Alarm, AlarmEvent } from '#domain/alarms/alarm.ts';
import { systemClock } from '#platform/clock.ts';
import { createDatabase } from '#platform/database.ts';
import { createLog } from '#platform/log.ts';
import { createIngest, type Ingest } from '../../ingest/ingest.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { eventually } from './eventually.ts';
import { createFaultyLink, type FaultyLink } from './faulty-link.ts';

/**
 * Ingest with its journal and its database, one unit `icu` and beds that are given messages by hand. Its clock runs as
 * ours does, and can be moved on, so that no test waits for a delay of an alarm.
 */
export type IngestWard = {
  readonly database: TestDatabase;
  /** The link between ingest and its database. */
  readonly link: FaultyLink;
  readonly dataDir: () => string;
  readonly ingest: () => Ingest;
  readonly now: () => number;
  readonly advance: (ms: number) => void;
  /** Its clock is put forward, or back: no time passes. */
  readonly putForward: (ms: number) => void;
  /** Alarm frames since the newest start, and since the first. */
  readonly frames: () => readonly AlarmFrame[];
  readonly allFrames: () => readonly AlarmFrame[];
  /** One message of the device of the bed, measured now if it does not say when; resolves once it is stored. */
  readonly measure: (
    bed: string,
    vitals: VitalsMessage['vitals'],
    rest?: object,
    arrival?: { readonly isRepeat?: boolean; readonly heldMs?: number },
  ) => Promise<void>;
  /** A status message of the device of the bed. */
  readonly tell: (bed: string, status: object) => Promise<void>;
  /** A message of the device of the bed about its own alarms; resolves once it is stored. */
  readonly report: (bed: string, message: object, arrival?: { readonly isRepeat?: boolean }) => Promise<void>;
  /** What was told by now has been taken. */
  readonly later: () => Promise<void>;
  readonly alarms: (bed: string) => readonly Alarm[];
  readonly start: (options?: { readonly withDatabase?: boolean }) => Promise<void>;
  readonly stop: () => Promise<void>;
  /** Goes on as after a crash: what comes next has only what was on disk when this was called. */
  readonly crash: () => Promise<void>;
  /** Removes the copy of the registry that lies beside the journal. */
  readonly forgetRegistry: () => Promise<void>;
  readonly dispose: () => Promise<void>;
};

export const deviceOf = (bed: string): string => `${bed}-monitor`;

export const eventsOf = (frames: readonly AlarmFrame[]): AlarmEvent[] => frames.flatMap(({ events }) => events);

/** Each event in a word or two, in their order. */
export const wordsOf = (frames: readonly AlarmFrame[]): string[] =>
  eventsOf(frames).map((event) =>
    'alarm' in event
      ? `${event.alarm.kind} ${event.type}${event.cause === null ? '' : ` ${event.cause}`}`
      : `${event.inactivation.what} ${event.type}`,
  );

const seed = async ({ pool }: TestDatabase, beds: readonly string[]): Promise<void> => {
  await pool.query(`insert into units values ('icu', 'Intensive care')`);
  for (const bed of beds) {
    const device = deviceOf(bed);
    await pool.query(`insert into beds values ($1, 'icu', $1)`, [bed]);
    await pool.query(`insert into devices (id, unit_id, secret_hash) values ($1, 'icu', '')`, [device]);
    await pool.query(
      `insert into device_assignments (device_id, bed_id, started_at) values ($1, $2, now() - interval '1 day')`,
      [device, bed],
    );
  }
};

export const createIngestWard = async ({
  beds = ['bed-1'],
  journalMaxBytes = 2 ** 24,
}: {
  beds?: readonly string[];
  journalMaxBytes?: number;
} = {}): Promise<IngestWard> => {
  const database = await createTestDatabase();
  await seed(database, beds);
  const link = await createFaultyLink(database.url);
  const pool = createDatabase({ url: link.url, maxConnections: 2, name: 'ward', onError: () => undefined });
  const folders: string[] = [];
  const newFolder = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wardwatch-ingest-ward-'));
    folders.push(folder);
    return folder;
  };
  let dataDir = await newFolder();
  let movedMs = 0;
  let putForwardMs = 0;
  const elapsed = () => Date.now() + movedMs;
  const now = () => elapsed() + putForwardMs;
  /** By start. */
  const lives: AlarmFrame[][] = [];

  const create = (): { ingest: Ingest; isDead: () => void } => {
    let isAlive = true;
    const ingest = createIngest({
      dataDir,
      database: pool,
      settings: {
        lateAfterMs: 30_000,
        retentionDays: 90,
        journalMaxBytes,
        maxPayloadBytes: 2 ** 20,
        tickMs: 20,
        registryEveryMs: 3_600_000,
      },
      clock: { ...systemClock, now, elapsed },
      log: createLog({ level: 'silent' }),
      metrics: new Registry(),
    });
    ingest.feed.subscribe({
      changed({ frame }) {
        if (isAlive && frame.type === 'alarm') lives.at(-1)?.push(frame);
      },
      unitChanged: () => undefined,
    });
    return {
      ingest,
      isDead() {
        isAlive = false;
      },
    };
  };
  let present = create();

  /** `heldMs`: how long it waits for its turn between its arrival and the station. */
  const admit = (
    bed: string,
    channel: Channel,
    message: object,
    { isRepeat = false, heldMs = 0 } = {},
  ): Promise<void> =>
    new Promise((resolve) => {
      const device = deviceOf(bed);
      const payload = Buffer.from(JSON.stringify(message));
      const topic = `ward/v1/icu/${device}/${channel}`;
      const receivedAt = now();
      movedMs += heldMs;
      present.ingest.sink.take({ device, channel, topic, payload, receivedAt, isRepeat }, resolve);
    });

  const measure: IngestWard['measure'] = (bed, vitals, rest = {}, arrival = {}) =>
    admit(bed, 'vitals', { time: now(), vitals, ...rest }, arrival);

  const later = async (): Promise<void> => {
    const from = now();
    await eventually(() => {
      if (now() < from + 10) throw new Error('it is still the same moment');
    });
  };

  return {
    database,
    link,
    dataDir: () => dataDir,
    ingest: () => present.ingest,
    now,
    advance(ms) {
      movedMs += ms;
    },
    putForward(ms) {
      putForwardMs += ms;
    },
    frames: () => lives.at(-1) ?? [],
    allFrames: () => lives.flat(),
    measure,
    tell: (bed, status) => admit(bed, 'status', { state: 'online', ...status }),
    report: (bed, message, arrival) => admit(bed, 'alarms', { time: now(), ...message }, arrival),
    later,
    alarms: (bed) => present.ingest.live.snapshot('icu')?.beds.find(({ id }) => id === bed)?.alarms ?? [],
    async start({ withDatabase = true } = {}) {
      lives.push([]);
      await present.ingest.start();
      if (withDatabase) await present.ingest.databaseIsReady();
      await later();
    },
    stop: () => present.ingest.stop(),
    async crash() {
      // The ward goes on while its folder is copied: a file that is renamed meanwhile makes the copy begin again.
      dataDir = await eventually(async () => {
        const folder = await newFolder();
        await cp(dataDir, folder, { recursive: true });
        return folder;
      });
      const crashed = present;
      crashed.isDead();
      present = create();
      await crashed.ingest.stop();
    },
    forgetRegistry: () => rm(join(dataDir, 'registry.json')),
    async dispose() {
      link.up();
      link.thaw();
      await present.ingest.stop();
      await pool.end();
      await link.stop();
      await database.drop();
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    },
  };
};
