import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { AskedAction } from '#contracts/ports/alarm-desk.ts';
import type { AlarmEvent } from '#domain/alarms/alarm.ts';
import { PRESET_REVISION } from '#domain/alarms/settings.ts';
import { decodeRecord } from '../../ingest/formats/upcast.ts';
import { createJournal } from '../../ingest/journal/journal.ts';
import type { JournalRecord } from '../../ingest/record.ts';
import { eventually } from '../support/eventually.ts';
import { createIngestWard, deviceOf, eventsOf, type IngestWard, wordsOf } from '../support/ingest-ward.ts';

/** Alarms from the message to the frame and to the database, in a station that stops, crashes and loses its database. */

let ward: IngestWard;
afterEach(() => ward?.dispose());

const openWard = async (options?: Parameters<typeof createIngestWard>[0]): Promise<IngestWard> => {
  ward = await createIngestWard(options);
  await ward.start();
  return ward;
};

const SECOND = 1_000;
const BED = 'bed-1';

/** A rate of 30 by heart and pulse is an alarm of high priority at once; 45 one of medium priority after 5 s. */
const CRISIS = { 'heart-rate': 30, 'pulse-rate': 30 };
const LOW = { 'heart-rate': 45 };
const NORMAL = { 'heart-rate': 80, 'pulse-rate': 80 };

const words = () => wordsOf(ward.frames());
const conditions = (bed = BED) => ward.alarms(bed).map(({ condition }) => condition);
const expectWords = (expected: readonly string[]) => eventually(() => expect(words()).toEqual(expected));
const expectWord = (word: string) => eventually(() => expect(words()).toContain(word));

const act = (action: AskedAction): Promise<void> => ward.ingest().alarms.act(BED, action);

const openId = (bed = BED): string => {
  const [alarm] = ward.alarms(bed);
  if (!alarm) throw new Error('there is no alarm');
  return alarm.id;
};

/** A message every second for so long, each measured and arriving in its second. */
const measureFor = async (seconds: number, vitals: Parameters<IngestWard['measure']>[1]): Promise<void> => {
  for (let second = 0; second < seconds; second++) {
    await ward.measure(BED, vitals);
    ward.advance(SECOND);
  }
};

const storedEvents = async (): Promise<AlarmEvent[]> => {
  await ward.ingest().drained();
  const { rows } = await ward.database.pool.query<{ detail: AlarmEvent }>(
    'select detail from alarm_events order by at, journal_seq, place',
  );
  return rows.map(({ detail }) => detail);
};

/** The records of each segment of the journal of a ward that was stopped. */
const readSegments = async (): Promise<JournalRecord[][]> => {
  const journal = createJournal({
    path: join(ward.dataDir(), 'journal'),
    maxBytes: 2 ** 24,
    onFailure: () => undefined,
  });
  journal.start();
  const segments: JournalRecord[][] = [];
  for (let batch = await journal.read(0, 1); batch; batch = await journal.read(batch.through, 1)) {
    segments.push(batch.entries.map(({ bytes }) => decodeRecord(bytes)));
  }
  await journal.stop();
  return segments;
};

test('an alarm and the readings that made it are in one segment of the journal', async () => {
  await openWard();
  ward.link.down();
  await ward.measure(BED, CRISIS);
  await ward.stop();
  const ofOnset = (await readSegments()).filter((records) =>
    records.some((record) => record.kind === 'alarm' && record.events.some(({ type }) => type === 'onset')),
  );
  expect(ofOnset).toHaveLength(1);
  const [reading] = ofOnset.flat().filter(({ kind }) => kind === 'vitals');
  expect(reading).toMatchObject({ source: { bed: BED }, blocks: [{ items: [{ value: 30 }, { value: 30 }] }] });
});

test('G1: a journal that is full keeps no alarm from being said, and takes it when there is room', async () => {
  await openWard({ journalMaxBytes: 16 * 1_024 });
  ward.link.down();
  const filling = ward.measure(BED, NORMAL);
  let last = filling;
  while (
    !ward
      .ingest()
      .troubles()
      .some((trouble) => trouble.includes('full'))
  ) {
    last = ward.measure(BED, NORMAL);
    await Promise.race([last, ward.later()]);
  }
  const unstored = ward.measure(BED, CRISIS);
  // The alarm is there in the turn in which the reading came: nothing was waited for.
  expect(words()).toContain('heart-rate-low onset');
  ward.link.up();
  await unstored;
  await eventually(async () => expect((await storedEvents()).map(({ type }) => type)).toContain('onset'));
});

test('G2: alarms come back after a stop and a start, and are not said again', async () => {
  await openWard();
  await ward.measure(BED, CRISIS);
  await expectWords(['heart-rate-low onset']);
  const [before] = ward.alarms(BED);
  await ward.stop();
  await ward.start();
  expect(ward.alarms(BED)).toEqual([before]);
  await measureFor(3, CRISIS);
  expect(words()).toEqual([]);
  await ward.measure(BED, NORMAL);
  await expectWords(['heart-rate-low latched recovered']);
});

test('G2: alarms, acknowledgements, pauses and what is latched come back after a crash, and are not said again', async () => {
  await openWard({ beds: [BED, 'bed-2', 'bed-3'] });
  for (const bed of [BED, 'bed-2', 'bed-3']) await ward.measure(bed, CRISIS);
  await ward.measure('bed-2', NORMAL);
  await eventually(() => expect(ward.alarms('bed-3')).toHaveLength(1));
  await ward.ingest().alarms.act('bed-3', { type: 'acknowledge', alarm: openId('bed-3'), by: 'Ann' });
  await act({ type: 'inactivate', by: 'Ann', what: 'audio-paused', kind: null, until: ward.now() + 60_000 });
  await act({ type: 'inactivate', by: 'Ann', what: 'alarm-off', kind: 'spo2-low', until: null });
  const before = await ward.ingest().alarms.active();
  await ward.crash();
  await ward.start();
  expect(await ward.ingest().alarms.active()).toEqual(before);
  expect(before.beds.map(({ alarms }) => alarms[0]?.state)).toEqual(['active', 'latched', 'active']);
  expect(before.beds[2]?.alarms[0]?.acknowledged).toMatchObject({ by: 'Ann' });
  expect(
    ward
      .ingest()
      .live.snapshot('icu')
      ?.beds.map(({ alarms }) => alarms),
  ).toEqual(before.beds.map(({ alarms }) => alarms));
  await ward.later();
  expect(words()).toEqual([]);
  // What ended meanwhile ends at the next reading; a pause at the time it said.
  await ward.measure('bed-3', NORMAL);
  await expectWords(['heart-rate-low ended recovered']);
  ward.advance(61 * SECOND);
  await expectWord('audio-paused reactivated');
  const ended = eventsOf(ward.frames()).find(({ type }) => type === 'reactivated');
  expect(ended?.at).toBe(before.beds[0]?.inactivations[0]?.until);
});

test('G2: a reading that was stored and is sent again after a crash is no news', async () => {
  await openWard();
  await ward.measure(BED, LOW);
  ward.advance(SECOND);
  // It changes nothing that is kept with it: only its segment says that it came.
  const time = ward.now();
  await ward.measure(BED, LOW, { time });
  await ward.crash();
  ward.advance(3 * SECOND);
  await ward.start();
  await ward.measure(BED, LOW, { time });
  ward.advance(SECOND);
  const since = ward.now();
  await ward.measure(BED, LOW, { time: since });
  ward.advance(6 * SECOND);
  await expectWords(['heart-rate-low onset']);
  // Were it news it would have begun with it. What counted before the crash does not count any more (D5).
  expect(ward.alarms(BED)[0]?.startedAt).toBe(since);
});

test('G2: what stood in the journal before the newest decision is not decided anew after a crash', async () => {
  await openWard();
  const time = ward.now();
  // Corrected at once: for a moment it was a crisis.
  await ward.measure(BED, CRISIS, { time });
  await ward.measure(BED, NORMAL, { time });
  await eventually(() => expect(ward.alarms(BED)[0]?.state).toBe('latched'));
  await act({ type: 'reset', alarm: null, by: 'Ann' });
  await ward.crash();
  await ward.start();
  await measureFor(3, NORMAL);
  await ward.later();
  expect(words()).toEqual([]);
});

test('G2: a copy of the registry that is gone costs no alarm', async () => {
  await openWard();
  await ward.measure(BED, CRISIS);
  await expectWords(['heart-rate-low onset']);
  const before = ward.alarms(BED);
  await ward.crash();
  await ward.forgetRegistry();
  await ward.start();
  await measureFor(2, CRISIS);
  expect(ward.alarms(BED)).toEqual(before);
  expect(words()).toEqual([]);
});

test('G4: without the database all of it works, and is in the database afterwards', async () => {
  await openWard();
  ward.link.down();
  await ward.measure(BED, CRISIS);
  await expectWords(['heart-rate-low onset']);
  await act({ type: 'acknowledge', alarm: openId(), by: 'Ann' });
  await act({ type: 'inactivate', by: 'Ben', what: 'alarm-paused', kind: 'spo2-low', until: ward.now() + 60_000 });
  await ward.measure(BED, NORMAL);
  await expectWord('heart-rate-low ended recovered');
  await ward.crash();
  await ward.start({ withDatabase: false });
  await ward.measure(BED, CRISIS);
  await expectWord('heart-rate-low onset');
  ward.link.up();
  await ward.ingest().databaseIsReady();
  const announced = eventsOf(ward.allFrames());
  await eventually(async () => expect(await storedEvents()).toEqual(announced));
  const { rows } = await ward.database.pool.query(
    `select state, acknowledged_by, end_cause from alarms where kind = 'heart-rate-low' order by decided_at`,
  );
  expect(rows).toEqual([
    { state: 'ended', acknowledged_by: 'Ann', end_cause: 'recovered' },
    { state: 'active', acknowledged_by: null, end_cause: null },
  ]);
  const inputs = await ward.database.pool.query<{ type: string }>('select type from alarm_inputs where bed_id = $1', [
    BED,
  ]);
  expect(new Set(inputs.rows.map(({ type }) => type))).toEqual(
    new Set(['resumed', 'occupied', 'checkpoint', 'acknowledge', 'inactivate']),
  );
});

test('late readings are stored and never announced', async () => {
  await openWard();
  const time = ward.now() - 60 * SECOND;
  for (let second = 0; second < 20; second++) await ward.measure(BED, CRISIS, { time: time + second * SECOND });
  await ward.later();
  expect(words()).toEqual([]);
  await ward.ingest().drained();
  const { rows } = await ward.database.pool.query('select count(*)::int as late from vitals where late');
  expect(rows).toEqual([{ late: 40 }]);
});

test('a device whose link ends is offline after its delay, one that says nothing is silent; its next message ends it', async () => {
  await openWard();
  const device = deviceOf(BED);
  ward.ingest().sink.connected(device);
  await ward.measure(BED, NORMAL);
  ward.ingest().sink.disconnected(device);
  await ward.later();
  ward.advance(5 * SECOND);
  await expectWords(['device-link onset']);
  expect(conditions()).toEqual(['device-offline']);
  ward.ingest().sink.connected(device);
  await ward.measure(BED, NORMAL);
  await expectWord('device-link ended recovered');
  ward.advance(10 * SECOND + 100);
  await eventually(() => expect(conditions()).toEqual(['device-silent']));
  // One lost device is one alarm.
  ward.advance(60 * SECOND);
  await ward.later();
  expect(conditions()).toEqual(['device-silent']);
});

test('a link that is lost and back within a moment is not lost', async () => {
  await openWard();
  const device = deviceOf(BED);
  ward.ingest().sink.connected(device);
  await ward.measure(BED, NORMAL);
  ward.ingest().sink.disconnected(device);
  ward.ingest().sink.connected(device);
  await ward.later();
  ward.advance(7 * SECOND);
  await ward.later();
  expect(conditions()).toEqual([]);
});

const sayOf = (device: string, status: object): Promise<void> =>
  new Promise((resolve) => {
    const payload = Buffer.from(JSON.stringify({ state: 'online', ...status }));
    const topic = `ward/v1/icu/${device}/status`;
    ward
      .ingest()
      .sink.take({ device, channel: 'status', topic, payload, receivedAt: ward.now(), isRepeat: false }, resolve);
  });

test('a battery is low below its limit and until it has risen well above it', async () => {
  await openWard();
  for (const battery of [50, 25, 15]) await sayOf(deviceOf(BED), { battery });
  await expectWords(['device-battery onset']);
  await sayOf(deviceOf(BED), { battery: 22 });
  await ward.later();
  expect(conditions()).toEqual(['battery-low']);
  await sayOf(deviceOf(BED), { battery: 80 });
  await expectWord('device-battery ended recovered');
});

test('a Will is told as the end of a link', async () => {
  await openWard();
  await ward.measure(BED, NORMAL);
  await sayOf(deviceOf(BED), { state: 'offline' });
  await ward.later();
  ward.advance(5 * SECOND);
  await eventually(() => expect(conditions()).toEqual(['device-offline']));
});

test('a clock that is off is told, and that it is right again', async () => {
  await openWard();
  for (let second = 0; second < 90 && conditions().length === 0; second++) {
    await ward.measure(BED, NORMAL, { time: ward.now() - 8 * SECOND });
    ward.advance(SECOND);
  }
  await expectWord('device-clock onset');
  for (let second = 0; second < 600 && conditions().length > 0; second++) {
    await ward.measure(BED, NORMAL);
    ward.advance(SECOND);
    await ward.later();
  }
  await expectWord('device-clock ended recovered');
});

const numbered = (seq: number) => ward.measure(BED, NORMAL, { boot: 'a', seq, time: ward.now() + seq });

test('messages that are missing for long are an alarm until they come, or the device starts anew', async () => {
  await openWard();
  for (const seq of [0, 1, 4]) await numbered(seq);
  await ward.later();
  for (let second = 0; second < 31; second++) {
    ward.advance(SECOND);
    await numbered(5 + second);
  }
  await expectWords(['device-gap onset']);
  for (const seq of [2, 3]) await numbered(seq);
  await expectWord('device-gap ended recovered');
});

test('messages of a batch in another order are not missing', async () => {
  await openWard();
  const message = (seq: number) => ({ time: ward.now() + seq, boot: 'a', seq, vitals: NORMAL });
  const payload = Buffer.from(JSON.stringify([0, 1, 3, 2].map(message)));
  const device = deviceOf(BED);
  await new Promise<void>((resolve) =>
    ward.ingest().sink.take(
      {
        device,
        channel: 'vitals',
        topic: `ward/v1/icu/${device}/vitals`,
        payload,
        receivedAt: ward.now(),
        isRepeat: false,
      },
      resolve,
    ),
  );
  await ward.later();
  for (let second = 0; second < 35; second++) {
    ward.advance(SECOND);
    await numbered(4 + second);
  }
  await ward.later();
  expect(words()).toEqual([]);
});

test('G2: a gap from before a restart is no alarm for ever: nobody knows of it any more', async () => {
  await openWard();
  for (const seq of [0, 4]) await numbered(seq);
  await ward.later();
  for (let second = 0; second < 31; second++) {
    ward.advance(SECOND);
    await numbered(5 + second);
  }
  await expectWords(['device-gap onset']);
  await ward.crash();
  await ward.start();
  await numbered(40);
  await expectWords(['device-gap ended recovered']);
});

test('the database that is away is an alarm of the station in each unit, and ends when it is back', async () => {
  await openWard();
  ward.link.down();
  await ward.measure(BED, NORMAL);
  await eventually(async () => {
    ward.advance(SECOND);
    const { station } = await ward.ingest().alarms.active();
    expect(station.map(({ condition }) => condition)).toEqual(['database-away']);
  });
  expect(ward.ingest().live.snapshot('icu')?.stationAlarms).toHaveLength(1);
  ward.link.up();
  await eventually(async () => expect((await ward.ingest().alarms.active()).station).toEqual([]));
  const ofStation = ward.frames().filter(({ bed }) => bed === null);
  expect(wordsOf(ofStation)).toEqual(['station-database onset', 'station-database ended recovered']);
});

test('a journal that fills is an alarm of the station until it is emptied', async () => {
  await openWard({ journalMaxBytes: 32 * 1_024 });
  ward.link.down();
  const station = async () => (await ward.ingest().alarms.active()).station.map(({ condition }) => condition);
  await eventually(async () => {
    for (let message = 0; message < 20; message++) void ward.measure(BED, NORMAL, { time: ward.now() + message });
    expect(await station()).toContain('journal-filling');
  });
  ward.link.up();
  await eventually(async () => expect(await station()).toEqual([]));
});

test('another patient ends every alarm and pause, and brings the settings for that patient', async () => {
  await openWard();
  await ward.measure(BED, CRISIS);
  await expectWords(['heart-rate-low onset']);
  await act({ type: 'inactivate', by: 'Ann', what: 'audio-paused', kind: null, until: ward.now() + 60_000 });
  await ward.database.pool.query(`
    with born as (insert into patients (name, age_group) values ('Ada', 'neonatal') returning id)
    insert into encounters (patient_id, bed_id, started_at) select id, '${BED}', now() - interval '1 s' from born`);
  await ward.ingest().reloadRegistry();
  await eventually(() => expect(ward.alarms(BED)).toEqual([]));
  expect(words().slice(2)).toEqual(['heart-rate-low ended occupancy', 'audio-paused reactivated']);
  expect((await ward.ingest().alarms.config(BED))?.version).toEqual({
    preset: 'neonatal',
    presetRevision: PRESET_REVISION,
    unit: null,
    patient: null,
  });
});

test('settings that change are in force at once: what they make an alarm is one, and names their version', async () => {
  await openWard();
  await ward.measure(BED, NORMAL);
  await ward.database.pool.query(
    `insert into alarm_settings (unit_id, age_group, overrides, reason, author)
     values ('icu', 'adult', '{"vitals": {"heart-rate": {"low": 85}}}', 'trial', 'Dr. A')`,
  );
  await ward.ingest().reloadRegistry();
  await eventually(async () => expect((await ward.ingest().alarms.config(BED))?.vitals['heart-rate'].low).toBe(85));
  ward.advance(6 * SECOND);
  await expectWords(['heart-rate-low onset']);
  const version = ward.alarms(BED)[0]?.config.unit;
  expect(version).toBeGreaterThan(0);
  await ward.database.pool.query(
    `insert into alarm_settings (unit_id, age_group, overrides, reason, author)
     values ('icu', 'adult', '{}', 'trial is over', 'Dr. A')`,
  );
  await ward.ingest().reloadRegistry();
  await expectWord('heart-rate-low ended limits-changed');
});

test('the first screen that shows an alarm is noted, as is when it was published', async () => {
  await openWard();
  await ward.measure(BED, CRISIS);
  await expectWords(['heart-rate-low onset']);
  const before = ward.now();
  ward.ingest().alarms.shown([openId(), 'nothing']);
  const stamps = () =>
    ward.database.pool.query<{ published: number; shown: number }>(
      `select extract(epoch from published_at)::float8 * 1000 as published, extract(epoch from shown_at)::float8 * 1000 as shown
       from alarms where published_at is not null and shown_at is not null`,
    );
  const [first] = await eventually(async () => {
    const { rows } = await stamps();
    expect(rows).toHaveLength(1);
    return rows;
  });
  expect(first?.published).toBeLessThanOrEqual(before);
  expect(first?.shown).toBeGreaterThanOrEqual(before);
  ward.advance(SECOND);
  ward.ingest().alarms.shown([openId()]);
  await act({ type: 'acknowledge', alarm: openId(), by: 'Ann' });
  await storedEvents();
  expect((await stamps()).rows).toEqual([first]);
});

test('E8: what makes no sense is refused with a reason and leaves nothing behind', async () => {
  await openWard();
  await ward.measure(BED, CRISIS);
  await expectWords(['heart-rate-low onset']);
  const { alarms } = ward.ingest();
  await expect(alarms.act('nowhere', { type: 'reset', alarm: null, by: 'Ann' })).rejects.toMatchObject({
    reason: 'not-found',
  });
  await expect(act({ type: 'acknowledge', alarm: 'nothing', by: 'Ann' })).rejects.toMatchObject({
    reason: 'not-found',
  });
  await expect(act({ type: 'reset', alarm: openId(), by: 'Ann' })).rejects.toMatchObject({ reason: 'invalid' });
  const tooLong = {
    type: 'inactivate',
    by: 'Ann',
    what: 'audio-paused',
    kind: null,
    until: ward.now() + 3_600_000,
  } as const;
  await expect(act(tooLong)).rejects.toMatchObject({ reason: 'invalid' });
  await expect(alarms.act(null, { type: 'acknowledge', alarm: openId(), by: 'Ann' })).rejects.toMatchObject({
    reason: 'not-found',
  });
  expect(words()).toEqual(['heart-rate-low onset']);
  await ward.ingest().drained();
  const { rows } = await ward.database.pool.query(
    `select type from alarm_inputs where type in ('acknowledge', 'reset', 'inactivate')`,
  );
  expect(rows).toEqual([]);
  expect(await alarms.bedOf(openId())).toBe(BED);
  expect(await alarms.bedOf('nothing')).toBeUndefined();
});

test('what is told takes place between milliseconds, in the order in which it came', async () => {
  await openWard();
  await ward.measure(BED, CRISIS);
  await expectWords(['heart-rate-low onset']);
  await Promise.all([
    act({ type: 'inactivate', by: 'Ann', what: 'audio-paused', kind: null, until: ward.now() + 60_000 }),
    ward.measure(BED, NORMAL),
    act({ type: 'reactivate', by: 'Ann', what: 'audio-paused', kind: null }),
    act({ type: 'reset', alarm: null, by: 'Ann' }),
  ]);
  await ward.ingest().drained();
  const { rows } = await ward.database.pool.query<{ type: string; at: number }>(
    `select type, (input ->> 'at')::float8 as at from alarm_inputs where type <> 'checkpoint' order by at, journal_seq, place`,
  );
  expect(rows.slice(-3).map(({ type }) => type)).toEqual(['inactivate', 'reactivate', 'reset']);
  expect(rows.every(({ at }) => at % 1 === 0.5)).toBe(true);
  const readings = eventsOf(ward.frames()).filter(({ type }) => type === 'onset' || type === 'latched');
  expect(readings.every(({ at }) => at % 1 === 0)).toBe(true);
});

test('D5: a value from before a restart does not alarm by settings that are told at the start', async () => {
  await openWard();
  await ward.measure(BED, LOW);
  await ward.crash();
  ward.advance(12 * SECOND);
  await ward.start();
  ward.advance(SECOND);
  await ward.later();
  expect(words()).toEqual([]);
  await ward.measure(BED, LOW);
  await ward.later();
  expect(words()).toEqual([]);
});
