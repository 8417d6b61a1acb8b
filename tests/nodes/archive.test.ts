import { setMaxListeners } from 'node:events';
import { getPriority } from 'node:os';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Review } from '#contracts/http/review.ts';
import type { Archive } from '#contracts/ports/archive.ts';
import { createLog } from '#platform/log.ts';
import { createReleaseList } from '#platform/release.ts';
import { ThreadEndedError } from '#platform/thread/thread.ts';
import { type ArchiveDesk, createArchiveDesk } from '../../nodes/archive/archive.ts';
import { openArchive } from '../../nodes/station/archive.ts';
import { addReadings, addSeries } from '../api/support/history.ts';
import { createHistory, livelyQuarter, START } from '../review/support/history.ts';
import { createArchiveHere } from '../support/archive-here.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

/** The archive as a station has it: its answers are made in a thread, with connections of its own. */

const SECOND = 1_000;
const QUARTER = { fromMs: START + 1, toMs: START + 900 * SECOND };
const RANGE = { bed: 'b1', fromMs: START, toMs: START + 3_600 * SECOND };
const nobodyLeaves = new AbortController().signal;
setMaxListeners(0, nobodyLeaves);

let database: TestDatabase;
let desk: ArchiveDesk;
const releases = createReleaseList({
  onError: (error) => {
    throw error;
  },
});

const open = () =>
  openArchive(
    { log: createLog({ level: 'silent' }), releases },
    { databaseUrl: database.url, metrics: new Registry() },
  );

beforeAll(async () => {
  database = await createTestDatabase();
  await livelyQuarter(await createHistory(database.pool, 'b1'));
  const wave = await addSeries(database.pool, 'b1', 'ecg-ii');
  await database.pool.query(
    `insert into waves (time, received_at, series_id, rate, late, samples)
     select to_timestamp($1) + n * interval '1 s', now(), $2, 250, false,
       (select array_agg(sin(n * i)::real) from generate_series(1, 250) as i)
     from generate_series(1, 900) as n where n % 300 > 5`,
    [START / SECOND, wave],
  );
  const rate = await addSeries(database.pool, 'b1', 'pulse-rate');
  await addReadings(database.pool, rate, [
    { timeMs: START + SECOND, value: 71 },
    { timeMs: START + 2 * SECOND, value: null },
  ]);
});
beforeAll(() => {
  desk = open();
});
afterAll(async () => {
  await releases.releaseAll();
  await database?.drop();
});

const bytesOf = async (chunks: AsyncIterable<Uint8Array>): Promise<string> => {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString('base64');
};

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

/** Each question that there is, with its answer as text. */
const QUESTIONS: Readonly<Record<string, (desk: { archive: Archive; review: Review }) => Promise<unknown>>> = {
  trends: async ({ archive }) =>
    textOf(await archive.trends({ ...RANGE, vitals: ['heart-rate', 'spo2'], points: 100 }, nobodyLeaves)),
  waves: async ({ archive }) =>
    textOf(
      await archive.waves(
        { bed: 'b1', signals: ['ecg-ii'], from: new Date(START), to: new Date(RANGE.toMs), maxSamples: 10_000 },
        nobodyLeaves,
      ),
    ),
  readings: ({ archive }) => bytesOf(archive.readings(RANGE, nobodyLeaves)),
  async recording({ archive }) {
    const { totalBytes, bytes } = await archive.recording({ ...RANGE, signals: ['ecg-ii', 'pleth'] }, nobodyLeaves);
    return [totalBytes, await bytesOf(bytes)];
  },
  'what-if': async ({ review }) =>
    JSON.stringify(
      await review.whatIf({
        beds: ['b1', 'b2'],
        ...QUARTER,
        overrides: { vitals: { 'heart-rate': { low: 44 } } },
        signal: nobodyLeaves,
      }),
    ),
  'burden as JSON': async ({ review }) => textOf(await review.burden(QUARTER, 'json', nobodyLeaves)),
  'burden as CSV': async ({ review }) => textOf(await review.burden(QUARTER, 'csv', nobodyLeaves)),
};

test.each(Object.keys(QUESTIONS))('%s: the thread gives the very bytes that are made here', async (name) => {
  const ask = QUESTIONS[name];
  const [there, here] = await Promise.all([desk, createArchiveHere(database.pool)].map((each) => ask?.(each)));
  expect(there).toEqual(here);
  expect(JSON.stringify(there).length).toBeGreaterThan(100);
});

test('problems for the caller come through the thread as what they are', async () => {
  const { archive, review } = desk;
  const trends = archive.trends({ ...RANGE, bed: 'none', vitals: ['spo2'], points: 10 }, nobodyLeaves);
  await expect(trends).rejects.toMatchObject({ name: 'ProblemError', status: 404, message: 'there is no bed none' });
  const nonsense = { beds: ['b1'], ...QUARTER, overrides: { vitals: { spo2: { low: 70 } } }, signal: nobodyLeaves };
  await expect(review.whatIf(nonsense)).rejects.toMatchObject({
    name: 'SettingsProblemError',
    problems: ['spo2: extremeLow 80 must not be above low 70'],
  });
});

/** Connections of the archive, and what they do. */
const connections = async (condition = 'true'): Promise<{ pid: number; application_name: string }[]> =>
  (
    await database.pool.query<{ pid: number; application_name: string }>(
      `select pid, application_name from pg_stat_activity
       where datname = current_database() and application_name like 'wardwatch % archive' and ${condition}`,
    )
  ).rows;

const LANES = [
  ['quick', 1],
  ['deep', 30],
] as const;

describe.each(LANES)('who leaves the %s lane while he waits', (lane, days) => {
  test('frees his place, and his query ends in the database', async () => {
    const { archive, lanes } = desk;
    const locker = await database.pool.connect();
    try {
      await locker.query('begin; lock table vitals in access exclusive mode');
      const leaving = new AbortController();
      const toMs = START + days * 86_400 * SECOND;
      const trends = archive.trends({ ...RANGE, toMs, vitals: ['spo2'], points: 10 }, leaving.signal);
      const waiting = () => connections(`wait_event_type = 'Lock' and application_name = 'wardwatch ${lane} archive'`);
      await expect.poll(waiting, { timeout: 10_000 }).toHaveLength(1);
      expect(lanes[lane].counts()).toEqual({ inside: 1, waiting: 0 });
      leaving.abort(new Error('left'));
      await expect(trends).rejects.toThrow('left');
      expect(lanes[lane].counts()).toEqual({ inside: 0, waiting: 0 });
      await expect.poll(waiting).toEqual([]);
    } finally {
      await locker.query('rollback');
      locker.release();
    }
    const again = archive.trends({ ...RANGE, vitals: ['spo2'], points: 10 }, nobodyLeaves);
    expect(textOf(await again)).toContain('"spo2"');
  });
});

test.runIf(process.platform === 'linux')(
  'the database works for it with lower priority, and this process does not',
  async () => {
    const { archive } = open();
    await archive.trends({ ...RANGE, vitals: ['spo2'], points: 10 }, nobodyLeaves);
    await bytesOf(archive.readings(RANGE, nobodyLeaves));
    const local = (await connections()).map(({ pid, application_name }) => [application_name, priorityOf(pid)]);
    const isHere = local.every(([, priority]) => priority !== undefined);
    if (isHere) {
      expect(new Map(local.map(([name, priority]) => [name, priority]))).toEqual(
        new Map([
          ['wardwatch quick archive', 5],
          ['wardwatch deep archive', 15],
        ]),
      );
    }
    expect(getPriority()).toBe(0);
  },
);

const priorityOf = (pid: number): number | undefined => {
  try {
    return getPriority(pid);
  } catch {
    return undefined;
  }
};

test('late readings are scored by it', async () => {
  const waiting = { bed: 'b1', first_ms: START, last_ms: START + SECOND, received_ms: START, waiting_since_ms: START };
  expect(await desk.scoreLate(waiting, nobodyLeaves)).toEqual({ found: 0, isDone: true });
  const { rows } = await database.pool.query('select bed_id from late_scores');
  expect(rows).toEqual([{ bed_id: 'b1' }]);
});

test('a stop in the midst of a question ends its query, and is soon done', async () => {
  const { archive } = desk;
  const locker = await database.pool.connect();
  try {
    await locker.query('begin; lock table vitals in access exclusive mode');
    const trends = archive.trends({ ...RANGE, vitals: ['spo2'], points: 10 }, nobodyLeaves).catch((error) => error);
    await expect.poll(() => connections(`wait_event_type = 'Lock'`), { timeout: 10_000 }).toHaveLength(1);
    await releases.releaseAll();
    expect(await trends).toMatchObject({ status: 503 });
    await expect.poll(connections).toEqual([]);
  } finally {
    await locker.query('rollback');
    locker.release();
  }
});

test('after its stop no connection is left; before its first question there was none', async () => {
  await releases.releaseAll();
  await expect.poll(connections).toEqual([]);
  const { archive } = open();
  expect(await connections()).toEqual([]);
  await archive.trends({ ...RANGE, vitals: ['spo2'], points: 10 }, nobodyLeaves);
  expect(await connections()).not.toEqual([]);
  await releases.releaseAll();
  await expect.poll(connections).toEqual([]);
});

test('whether the station is late is asked after deep turns only', async () => {
  let looks = 0;
  const { archive } = createArchiveDesk({
    async *ask() {
      yield new Uint8Array(1);
    },
    latenessMs() {
      looks++;
      return 0;
    },
  });
  await archive.trends({ ...RANGE, vitals: ['spo2'], points: 10 }, nobodyLeaves);
  expect(looks).toBe(0);
  await bytesOf(archive.readings(RANGE, nobodyLeaves));
  expect(looks).toBe(2);
});

test('too many are refused with 503 and when to come again; so are those whom the death of the thread meets', async () => {
  const never = createArchiveDesk({
    latenessMs: () => 0,
    async *ask(_verb, _input, signal) {
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
  });
  const leaving = new AbortController();
  setMaxListeners(0, leaving.signal);
  const ask = () => never.archive.trends({ ...RANGE, vitals: ['spo2'], points: 10 }, leaving.signal);
  const asked = Array.from({ length: 100 }, () => ask().catch(() => 'left'));
  await expect.poll(() => never.lanes.quick.counts()).toEqual({ inside: 100, waiting: 98 });
  await expect(ask()).rejects.toMatchObject({ status: 503, headers: { 'retry-after': '10' } });
  leaving.abort(new Error('left'));
  expect(new Set(await Promise.all(asked))).toEqual(new Set(['left']));
  expect(never.lanes.quick.counts()).toEqual({ inside: 0, waiting: 0 });
  const dead = createArchiveDesk({
    latenessMs: () => 0,
    // biome-ignore lint/correctness/useYield: there is no answer.
    async *ask() {
      throw new ThreadEndedError('the thread ended');
    },
  });
  const refused = dead.archive.trends({ ...RANGE, vitals: ['spo2'], points: 10 }, nobodyLeaves);
  await expect(refused).rejects.toMatchObject({ status: 503, kind: 'busy', headers: { 'retry-after': '5' } });
});
