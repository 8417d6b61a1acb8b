import { expect, inject, test } from 'vitest';
import { vitalByMdc } from '#domain/vitals.ts';
import { createDatabase } from '#platform/database.ts';
import { readPresetChange } from '../../api/alarm-settings/preset-change.ts';
import type { JournalRecord } from '../../ingest/record.ts';
import { canonical } from '../../review/compare.ts';
import { findCheckpoint } from '../../review/stored.ts';
import { createDeviceClient } from '../../simulators/device-client.ts';
import { auditByVerify, auditEpisodes, readStoredEvents } from '../support/alarm-audit.ts';
import { eventually } from '../support/eventually.ts';
import { createFaultyLink } from '../support/faulty-link.ts';
import { GOLDEN_RELEASES } from '../support/golden.ts';
import { goldenStory, loadGoldenDatabase, loadGoldenFolder, readBacklog } from '../support/golden-station.ts';
import { createEmptyDatabase } from '../support/migrated-database.ts';
import { releaseAfterEach } from '../support/releases.ts';
import { createTestStation } from '../support/station.ts';

/**
 * A station of an earlier release crashed in the middle of alarms, pauses and a backlog, and this one goes on from what it
 * left: nothing is lost and nothing announced twice, and what was decided before and since follows from what is stored.
 */

const releases = releaseAfterEach();

/** How long the story goes on after its first event. */
const STORY_MS = 600_000;
/** Down for so long: pauses go on. */
const DOWN_MS = 1_500;

type PresetsTold = {
  readonly revision: number | null;
  readonly rules: readonly (number | undefined)[];
  readonly extremeLowOfMeanPressure: readonly (number | null | undefined)[];
};

/** What differs between the releases: who took an alarm along, and the presets, where they are not today's. */
const RELEASES: Readonly<
  Record<string, { readonly carried: readonly object[]; readonly presets: PresetsTold | null }>
> = {
  '0.1.0': { carried: [], presets: { revision: 4, rules: [1, 3], extremeLowOfMeanPressure: [null, 40] } },
  '0.2.0': {
    carried: [{ bed: 'bed-8', state: 'latched', by: null }],
    presets: { revision: 4, rules: [2, 3], extremeLowOfMeanPressure: [40, 40] },
  },
};

/** The newest few seconds are not judged by a verification. */
const JUDGED_AFTER_MS = 8_000;

const openCrashed = async (release: string) => {
  const { crashedAt, secret } = goldenStory(release);
  const empty = await createEmptyDatabase(inject('databaseUrl'));
  releases.push(empty.drop);
  const pool = createDatabase({ url: empty.url, maxConnections: 3, name: 'test', onError: () => undefined });
  releases.push(() => pool.end());
  await loadGoldenDatabase(pool, release);
  const link = await createFaultyLink(empty.url);
  releases.push(link.stop);
  const clockShiftMs = crashedAt + DOWN_MS - Date.now();
  const now = () => Date.now() + clockShiftMs;
  const station = await createTestStation({ databaseUrl: link.url, clockShiftMs });
  releases.push(station.dispose);
  await loadGoldenFolder(station.dataDir, release);
  const { rows } = await pool.query<{ id: string; bed: string; kind: string }>(
    `select id, bed_id as bed, kind from alarms where state <> 'ended'`,
  );
  const backlog = await readBacklog(station.dataDir);
  const { rows: bedRows } = await pool.query<{ id: string }>('select id from beds order by id');
  const beds = bedRows.map(({ id }) => id);

  /** Each bed goes on as it was, for so long that it can be judged. */
  const goOn = async (): Promise<void> => {
    const clients = beds.map((bed) =>
      createDeviceClient({
        mqttUrl: station.addresses().mqtt,
        unit: 'icu',
        device: `${bed}-monitor`,
        secret,
        maxBacklog: 1_000,
        onAcknowledged: () => undefined,
      }),
    );
    for (const client of clients) client.start();
    const until = now() + JUDGED_AFTER_MS;
    while (now() < until) {
      for (const [place, client] of clients.entries()) {
        client.publishVitals({ time: now(), vitals: { 'heart-rate': [32, 84, 84, 84, 150, 25][place] ?? 80 } });
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    await Promise.all(clients.map((client) => client.drained()));
    await Promise.all(clients.map((client) => client.stop()));
    await eventually(async () => {
      const { rows } = await pool.query('select from vitals where received_at > $1 limit 10', [
        new Date(until - JUDGED_AFTER_MS / 2),
      ]);
      expect(rows.length).toBe(10);
    });
  };

  const audit = async (): Promise<void> => {
    expect(await lossesOf(backlog)).toEqual([]);
    const { rows: refused } = await pool.query(`select detail from rejected_messages where reason = 'storage-refused'`);
    expect(refused).toEqual([]);
    const events = await readStoredEvents(pool);
    expect(auditEpisodes(events)).toEqual([]);
    const keys = events.map(({ bed, event }) => `${bed} ${canonical(event)}`);
    expect(new Set(keys).size).toBe(keys.length);

    const range = { fromMs: crashedAt - STORY_MS, toMs: now() };
    const verified = await auditByVerify(pool, beds, range);
    expect(verified.faults).toEqual([]);
    expect(verified.announced).toBeGreaterThan(20);
    await expectKept();
  };

  /** What the release had decided or taken, and is not stored. */
  const lossesOf = async (records: readonly JournalRecord[]): Promise<string[]> => {
    const stored = new Set((await readStoredEvents(pool)).map(({ event }) => canonical(event)));
    const { rows: readings } = await pool.query<{ key: string }>(
      `select concat_ws(' ', device_id, signal, (extract(epoch from time) * 1000)::int8) as key
       from vitals join series on series.id = series_id`,
    );
    const has = new Set(readings.map(({ key }) => key));
    return records.flatMap((record) => {
      if (record.kind === 'alarm') {
        return record.events.filter((event) => !stored.has(canonical(event))).map(({ type, at }) => `${type} at ${at}`);
      }
      if (record.kind !== 'vitals') return [];
      return record.blocks
        .flatMap(({ time, items }) =>
          items.map(({ mdc }) => `${record.source.device} ${vitalByMdc(mdc)} ${Math.round(time)}`),
        )
        .filter((key) => !has.has(key));
    });
  };

  /** Acknowledged, latched, not yet seen, paused, switched off: as before. */
  const expectKept = async (): Promise<void> => {
    const { rows: alarms } = await pool.query<{ bed: string; state: string; by: string | null; id: string }>(
      `select bed_id as bed, state, acknowledged_by as by, id from alarms
       where kind = 'heart-rate-low' and state <> 'ended' order by bed_id`,
    );
    expect(alarms).toMatchObject([
      { bed: 'bed-1', state: 'active', by: 'Ann' },
      { bed: 'bed-2', state: 'latched', by: null },
      { bed: 'bed-6', state: 'active', by: null },
      ...(RELEASES[release]?.carried ?? []),
    ]);
    for (const { id } of alarms) expect([...idsBefore]).toContain(id);
    const { state, config } = (await findCheckpoint(pool, 'bed-4', now())) ?? {};
    expect(state?.inactivations).toMatchObject([
      { what: 'audio-paused', kind: null, by: 'Bob' },
      { what: 'alarm-off', kind: 'heart-rate-high', by: 'Bob' },
    ]);
    expect(config?.rules).toBe(3);
    expect(await presetsTold()).toEqual(RELEASES[release]?.presets);
  };

  /** What was in force until then decided until then; presets that are others now came as an input of their own. */
  const presetsTold = async (): Promise<PresetsTold | null> => {
    const { rows: inputs } = await pool.query<{ types: string; revision: number | null }>(
      `select string_agg(type, ' ' order by at, journal_seq, place) as types,
         max((input #>> '{config,version,presetRevision}')::int) as revision
       from alarm_inputs where bed_id = 'bed-2' and format > 1 and type <> 'checkpoint' and at > $1`,
      [new Date(crashedAt)],
    );
    expect(inputs[0]?.types).toMatch(/^resumed/);
    if (!inputs[0]?.types.startsWith('resumed configured')) return null;
    const change = await readPresetChange(pool, 'bed-2');
    expect(change?.at).toBeGreaterThan(crashedAt);
    return {
      revision: inputs[0].revision,
      rules: [change?.from.rules, change?.to.rules],
      extremeLowOfMeanPressure: [change?.from, change?.to].map((one) => one?.vitals['abp-mean'].extremeLow),
    };
  };

  const idsBefore = new Set([
    ...rows.map(({ id }) => id),
    ...backlog.flatMap((record) =>
      record.kind === 'alarm' ? record.events.flatMap((event) => ('alarm' in event ? [event.alarm.id] : [])) : [],
    ),
  ]);

  return { station, link, pool, goOn, audit, backlog };
};

test.each(GOLDEN_RELEASES)(
  'G2, G5: upgraded from %s after a crash, and killed in the middle of the upgrade',
  async (release) => {
    const { station, pool, goOn, audit, backlog } = await openCrashed(release);
    expect(backlog.length).toBeGreaterThan(50);
    const starting = station.start().catch(() => undefined);
    await eventually(
      async () => {
        const { rows } = await pool.query(`select to_regclass('stored_format') as found`);
        expect(rows[0]?.found).not.toBeNull();
      },
      { everyMs: 2 },
    );
    await station.kill();
    await starting;
    await station.start();
    await goOn();
    // The station starts once more, when the upgrade is done.
    await station.kill();
    await station.start();
    await goOn();
    await station.terminate();
    await audit();
  },
);

test.each(GOLDEN_RELEASES)('G4: upgraded from %s with the database away', async (release) => {
  const { station, link, goOn, audit } = await openCrashed(release);
  link.down();
  const { databaseLevel } = await station.start();
  expect(databaseLevel).toBe('away');
  setTimeout(link.up, 2_000);
  await goOn();
  await station.terminate();
  await audit();
});
