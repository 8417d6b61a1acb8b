import { expect, test } from 'vitest';
import { asLines, createTestBeds, storedReadings, type TestBeds } from '../support/beds.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { createFaultyLink } from '../support/faulty-link.ts';
import { releaseAfterEach } from '../support/releases.ts';
import { openScreen, type TestScreen } from '../support/screen.ts';
import { createTestStation, type TestStation } from '../support/station.ts';

/** Without its database the station goes on acknowledging and showing; when it returns, everything is stored. */

const releases = releaseAfterEach();

const readiness = async (station: TestStation): Promise<{ status: number; text: string }> => {
  const response = await fetch(`${station.addresses().http}/health/ready`);
  return { status: response.status, text: await response.text() };
};

const metric = async (station: TestStation, name: string): Promise<number> => {
  const text = await (await fetch(`${station.addresses().http}/metrics`)).text();
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
};

const vitalsFrames = (screen: TestScreen): number => screen.frames.filter(({ type }) => type === 'vitals').length;

/** A station whose database is behind a faulty link, and beds that publish. */
const openWard = async ({
  count,
  everyMs,
  environment = {},
}: {
  count: number;
  everyMs: number;
  environment?: Record<string, string>;
}) => {
  const database = await createTestDatabase();
  releases.push(database.drop);
  const link = await createFaultyLink(database.url);
  releases.push(link.stop);
  const station = await createTestStation({ databaseUrl: link.url, environment });
  releases.push(station.dispose);
  await station.start();
  const beds = await createTestBeds({ station, count });
  releases.push(beds.stop);
  const publishing = setInterval(() => beds.publishAll(Date.now()), everyMs);
  const stopPublishing = () => clearInterval(publishing);
  releases.push(stopPublishing);
  return { database, link, station, beds, stopPublishing };
};

/** Both go on: many more messages are acknowledged, and many more frames shown, than when asked. */
const expectLifeGoesOn = async (beds: TestBeds, screen: TestScreen): Promise<void> => {
  const acknowledged = beds.acknowledged().length;
  const shown = vitalsFrames(screen);
  await eventually(() => {
    expect(beds.acknowledged().length).toBeGreaterThan(acknowledged + 2_000);
    expect(vitalsFrames(screen)).toBeGreaterThan(shown + 10);
  });
};

test('the database refused, frozen and away at a restart: acknowledged and shown all along, stored in the end', async () => {
  const { database, link, station, beds, stopPublishing } = await openWard({ count: 20, everyMs: 50 });
  let screen = await openScreen(station, { units: ['icu'] });
  releases.push(() => screen.close());
  await expectLifeGoesOn(beds, screen);
  await eventually(async () => expect((await readiness(station)).text).toContain('"status":"ready"'));

  link.freeze();
  await expectLifeGoesOn(beds, screen);
  link.thaw();

  link.down();
  await expectLifeGoesOn(beds, screen);
  await eventually(async () => {
    const { status, text } = await readiness(station);
    // A working wall stays where the load is spread to.
    expect(status).toBe(200);
    expect(text).toContain('"status":"degraded"');
    expect(text).toContain('database');
  });

  await station.kill();
  expect((await station.start()).databaseLevel).toBe('away');
  screen.close();
  screen = await openScreen(station, { units: ['icu'] });
  await expectLifeGoesOn(beds, screen);

  link.up();
  await eventually(async () => expect((await readiness(station)).text).toContain('"status":"ready"'));
  stopPublishing();
  await beds.drained();
  const acknowledged = asLines(beds.acknowledged());
  await eventually(async () => {
    const stored = await storedReadings(database.pool, 'bed');
    expect(stored.length).toBe(acknowledged.length);
    expect(stored.filter((line, index) => line !== acknowledged[index])).toEqual([]);
  });
});

test('a full journal acknowledges nothing more, says so, and loses nothing', async () => {
  const { database, link, station, beds, stopPublishing } = await openWard({
    count: 5,
    everyMs: 20,
    environment: { JOURNAL_MAX_BYTES: '64KiB' },
  });
  const screen = await openScreen(station, { units: ['icu'] });
  releases.push(() => screen.close());

  link.down();
  await eventually(async () => expect((await readiness(station)).text).toContain('journal is full'));
  const acknowledged = beds.acknowledged().length;
  const shown = vitalsFrames(screen);
  await eventually(() => expect(vitalsFrames(screen)).toBeGreaterThan(shown));
  expect(await metric(station, 'wardwatch_journal_full')).toBe(1);
  // What was on its way when it became full may still be told; after that, nothing.
  expect(beds.acknowledged().length - acknowledged).toBeLessThan(5 * 4 * 100);
  const settled = beds.acknowledged().length;
  await station.kill();
  await station.start();
  await eventually(async () => expect((await readiness(station)).text).toContain('journal is full'));
  expect(beds.acknowledged().length).toBe(settled);

  link.up();
  stopPublishing();
  await beds.drained();
  // What was acknowledged last is in the journal until the writer has been there.
  await eventually(async () => expect(await metric(station, 'wardwatch_journal_full')).toBe(0));
  const all = asLines(beds.acknowledged());
  expect(all.length).toBeGreaterThan(settled);
  await eventually(async () => expect(await storedReadings(database.pool, 'bed')).toEqual(all));
});

test('a frozen database is told before any query gives up, and keeps nobody from an orderly stop', async () => {
  const { database, link, station, beds, stopPublishing } = await openWard({ count: 5, everyMs: 50 });

  link.freeze();
  await eventually(async () => expect((await readiness(station)).text).toContain('database does not answer'));
  expect(await station.terminate()).toBe(0);

  link.thaw();
  await station.start();
  stopPublishing();
  await beds.drained();
  const acknowledged = asLines(beds.acknowledged());
  await eventually(async () => expect(await storedReadings(database.pool, 'bed')).toEqual(acknowledged));
});

test('a first start without its database is one clear line', async () => {
  const station = await createTestStation({ databaseUrl: 'postgresql://nobody@127.0.0.1:1/none' });
  releases.push(station.dispose);
  await expect(station.start()).rejects.toThrow(
    /wardwatch: cannot reach the database at 127.0.0.1:1\/none .*DATABASE_URL/,
  );
});
