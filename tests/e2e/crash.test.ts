import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDatabase, type Database } from '#platform/database.ts';
import { createFaults, type FaultCounts } from '../../simulators/faults.ts';
import { createRandom } from '../../simulators/random.ts';
import { asLines, createTestBeds, storedReadings, type TestBeds } from '../support/beds.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { createFaultyLink } from '../support/faulty-link.ts';
import { releaseAfterEach } from '../support/releases.ts';
import { createTestStation, type TestStation } from '../support/station.ts';

/**
 * A PUBACK means stored: beds publish as fast as every 20 ms while what they publish to is killed, again and again. In
 * the end every message was acknowledged, and the database holds each of them once and nothing else.
 */

const BEDS = 50;
const PUBLISH_EVERY_MS = 20;

const releases = releaseAfterEach();

const startStation = async (databaseUrl?: string): Promise<TestStation> => {
  const station = await createTestStation(databaseUrl ? { databaseUrl } : {});
  releases.push(station.dispose);
  await station.start();
  return station;
};

/** Publishes all the while that `work` runs. */
const publishingDuring = async (beds: TestBeds, work: () => Promise<void>): Promise<void> => {
  let time = Date.now() - 600_000;
  const timer = setInterval(() => beds.publishAll(time++), PUBLISH_EVERY_MS);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
};

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const expectAllStoredOnce = async (beds: TestBeds, database: Database): Promise<void> => {
  await beds.drained();
  const acknowledged = asLines(beds.acknowledged());
  expect(acknowledged.length).toBeGreaterThan(BEDS * 4);
  await eventually(async () => {
    // Lengths first: a difference of two lists of a hundred thousand lines helps nobody.
    const stored = await storedReadings(database, 'bed');
    expect(stored.length).toBe(acknowledged.length);
    expect(stored.filter((line, index) => line !== acknowledged[index])).toEqual([]);
  });
};

test('twenty kill -9 of the station: what was acknowledged is stored, once', async () => {
  const database = await createTestDatabase();
  releases.push(database.drop);
  const station = await startStation(database.url);
  const beds = await createTestBeds({ station, count: BEDS });
  releases.push(beds.stop);
  const random = createRandom(20);
  await publishingDuring(beds, async () => {
    for (let kills = 0; kills < 20; kills++) {
      await pause(random.between(50, 700));
      await station.kill();
      await station.start();
    }
  });
  await expectAllStoredOnce(beds, database.pool);
});

/** The embedded database of a station. */
const openOwnDatabase = async ({ dataDir }: TestStation): Promise<Database> => {
  const pool = await eventually(async () => {
    const options = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8');
    const port = options.split('\n')[3];
    const password = (await readFile(join(dataDir, 'secrets', 'postgres.password'))).toString('base64url');
    return createDatabase({
      url: `postgresql://wardwatch:${password}@127.0.0.1:${port}/wardwatch`,
      maxConnections: 1,
      name: 'test',
      onError: () => undefined,
    });
  });
  releases.push(() => pool.end());
  return pool;
};

test('kill -9 of the station once rows are written by their own thread, with the database away in between: stored, once', async () => {
  const station = await startStation();
  const beds = await createTestBeds({ station, count: BEDS });
  releases.push(beds.stop);
  const isHandedOver = async (): Promise<void> => {
    const metrics = await fetch(`${station.addresses().http}/metrics`);
    expect(await metrics.text()).toContain('wardwatch_writer_thread 1');
  };
  await publishingDuring(beds, async () => {
    for (const isDatabaseKilled of [false, true]) {
      await eventually(isHandedOver);
      if (isDatabaseKilled) await killPostmaster(station.dataDir);
      await station.kill();
      await station.start();
    }
    await eventually(isHandedOver);
  });
  await expectAllStoredOnce(beds, await openOwnDatabase(station));
});

const killPostmaster = async (dataDir: string): Promise<void> => {
  const text = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8');
  process.kill(Number(text.split('\n')[0]), 'SIGKILL');
};

test('kill -9 of PostgreSQL, of the station, and of both: what was acknowledged is stored, once', async () => {
  const station = await startStation();
  const beds = await createTestBeds({ station, count: BEDS });
  releases.push(beds.stop);
  const random = createRandom(21);
  await publishingDuring(beds, async () => {
    for (let round = 0; round < 12; round++) {
      await pause(random.between(100, 1_500));
      if (round % 3 !== 0) await killPostmaster(station.dataDir).catch(() => undefined);
      if (round % 3 !== 1) {
        await station.kill();
        await station.start();
      }
    }
  });
  await expectAllStoredOnce(beds, await openOwnDatabase(station));
});

test('the network cut and frozen, messages twice and out of order: what was acknowledged is stored, once', async () => {
  const database = await createTestDatabase();
  releases.push(database.drop);
  const station = await startStation(database.url);
  const link = await createFaultyLink(station.addresses().mqtt);
  releases.push(link.stop);
  const faults = Array.from({ length: BEDS }, (_, bed) =>
    createFaults({ rates: { duplicate: 0.1, reorder: 0.1 }, random: createRandom(bed), clock: { now: Date.now } }),
  );
  const beds = await createTestBeds({
    station,
    count: BEDS,
    mqttUrl: link.url,
    through: (bed) => (deliver) => faults[bed]?.through(deliver) ?? deliver,
  });
  releases.push(beds.stop);
  const random = createRandom(22);
  await publishingDuring(beds, async () => {
    for (let round = 0; round < 25; round++) {
      await pause(random.between(50, 500));
      if (random.chance(0.3)) {
        link.freeze();
        await pause(random.between(100, 1_000));
        link.thaw();
      }
      link.cut();
      if (round % 8 === 7) {
        await station.kill();
        await station.start();
      }
    }
  });
  for (const fault of faults) fault.settle();
  const befallen = (kind: keyof FaultCounts) => faults.reduce((sum, fault) => sum + fault.counts()[kind], 0);
  expect(befallen('duplicate')).toBeGreaterThan(100);
  expect(befallen('reorder')).toBeGreaterThan(100);
  await expectAllStoredOnce(beds, database.pool);
  // Nothing was dropped, so once everything came no gap may be open. Where the streams stand is saved up to a second after the rows.
  await eventually(async () => {
    const { rows } = await database.pool.query('select * from gaps where closed_at is null');
    expect(rows).toEqual([]);
  });
});
