import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Entry } from '#contracts/ports/journal.ts';
import type { Alarm, AlarmEvent, Inactivation } from '#domain/alarms/alarm.ts';
import { writeConfig, writeState } from '#domain/alarms/formats/written.ts';
import { PRESETS } from '#domain/alarms/settings.ts';
import { initialState } from '#domain/alarms/state.ts';
import { type AlarmRecord, encodeRecord } from '../../ingest/record.ts';
import { createStore } from '../../ingest/store.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const journalId = randomUUID();
const NOW = Date.UTC(2026, 10, 22, 10);
let database: TestDatabase;
let nextPosition = 1n;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

const writeFrom = async (journal: string, ...batch: Entry[]) => {
  const session = await createStore({ database: database.pool, journalId: () => journal }).open();
  try {
    await session.write(batch);
  } finally {
    session.close();
  }
};
const write = (...batch: Entry[]) => writeFrom(journalId, ...batch);

const entry = (more: Partial<AlarmRecord>): Entry => ({
  position: nextPosition++,
  bytes: encodeRecord({
    kind: 'alarm',
    receivedAt: NOW + 50,
    unit: 'icu',
    bed: 'b1',
    device: 'm1',
    encounter: 3,
    inputs: [],
    events: [],
    stamps: [],
    checkpoint: null,
    ...more,
  }),
});

const alarmOf = (id: string, more: Partial<Alarm> = {}): Alarm => ({
  id,
  kind: 'spo2-low',
  condition: 'low-limit',
  vital: 'spo2',
  priority: 'medium',
  state: 'active',
  startedAt: NOW - 10_000.25,
  decidedAt: NOW,
  measuredAt: NOW - 20,
  receivedAt: NOW - 1,
  value: 84.1,
  limit: 90,
  worst: 84.1,
  recurrences: 0,
  acknowledged: null,
  config: { preset: 'adult', presetRevision: 2, unit: 4, patient: null },
  ...more,
});

type AlarmHappening = Extract<AlarmEvent, { alarm: Alarm }>;

const event = (type: AlarmHappening['type'], at: number, alarm: Alarm, more: Partial<AlarmHappening> = {}) => ({
  type,
  at,
  alarm,
  by: null,
  cause: null,
  ...more,
});

const rowOf = async (id: string) => {
  const { rows } = await database.pool.query('select * from alarms where id = $1', [id]);
  expect(rows).toHaveLength(1);
  return rows[0];
};

const eventsOf = async (id: string) => {
  const { rows } = await database.pool.query(
    'select type, actor, cause, at, detail from alarm_events where alarm_id = $1 order by journal_seq, place',
    [id],
  );
  return rows;
};

const at = (ms: number) => new Date(ms);

test('an alarm has one row with all that is known of it, from its onset to its end', async () => {
  const onset = event('onset', NOW, alarmOf('a1'));
  await write(entry({ events: [onset] }));
  expect(await rowOf('a1')).toMatchObject({
    unit_id: 'icu',
    bed_id: 'b1',
    device_id: 'm1',
    encounter_id: 3,
    kind: 'spo2-low',
    condition: 'low-limit',
    vital: 'spo2',
    type: 'physiological',
    priority: 'medium',
    state: 'active',
    late: false,
    decided_at: at(NOW),
    measured_at: at(NOW - 20),
    received_at: at(NOW - 1),
    acknowledged_at: null,
    ended_at: null,
    value: 84.1,
    limit_value: 90,
    config: { preset: 'adult', presetRevision: 2, unit: 4, patient: null },
  });

  const worse = { condition: 'desaturation', priority: 'high', worst: 72 } as const;
  const seen = { acknowledged: { by: 'Nurse Ada', at: NOW + 2_000 } };
  await write(
    entry({ events: [event('escalated', NOW + 1_000, alarmOf('a1', worse))], encounter: null }),
    entry({ events: [event('acknowledged', NOW + 2_000, alarmOf('a1', { ...worse, ...seen }), { by: 'Nurse Ada' })] }),
    entry({
      events: [event('ended', NOW + 3_000, alarmOf('a1', { ...worse, ...seen }), { cause: 'recovered' })],
      stamps: [{ alarm: 'a1', stage: 'published', at: NOW + 3 }],
    }),
  );
  expect(await rowOf('a1')).toMatchObject({
    encounter_id: 3,
    condition: 'desaturation',
    priority: 'high',
    state: 'ended',
    worst: 72,
    published_at: at(NOW + 3),
    acknowledged_at: at(NOW + 2_000),
    acknowledged_by: 'Nurse Ada',
    ended_at: at(NOW + 3_000),
    end_cause: 'recovered',
    last_event_at: at(NOW + 3_000),
  });
  const events = await eventsOf('a1');
  expect(events.map(({ type, actor, cause }) => [type, actor, cause])).toEqual([
    ['onset', null, null],
    ['escalated', null, null],
    ['acknowledged', 'Nurse Ada', null],
    ['ended', null, 'recovered'],
  ]);
  expect(events[0].detail).toEqual(onset);
});

test('of several events in one record the last says what is', async () => {
  const alarm = alarmOf('a2');
  await write(entry({ events: [event('onset', NOW, alarm), event('ended', NOW, alarm, { cause: 'inhibited' })] }));
  expect(await rowOf('a2')).toMatchObject({ state: 'ended', end_cause: 'inhibited', ended_at: at(NOW) });
  expect(await eventsOf('a2')).toMatchObject([{ type: 'onset' }, { type: 'ended' }]);
});

test('what is written again changes nothing, also when it is older than what is there', async () => {
  const alarm = alarmOf('a3');
  const batches = [
    entry({ events: [event('onset', NOW, alarm)], inputs: [{ type: 'resumed', at: NOW }] }),
    entry({ stamps: [{ alarm: 'a3', stage: 'published', at: NOW + 5 }] }),
    // The station's clock was set back meanwhile.
    entry({ events: [event('ended', NOW - 60_000, alarm, { cause: 'recovered' })] }),
    entry({ stamps: [{ alarm: 'a3', stage: 'shown', at: NOW + 90 }] }),
  ];
  for (const batch of batches) await write(batch);
  const row = await rowOf('a3');
  const events = await eventsOf('a3');
  expect(row).toMatchObject({ state: 'ended', published_at: at(NOW + 5), shown_at: at(NOW + 90) });
  for (const batch of batches) {
    await write(batch);
    expect(await rowOf('a3')).toEqual(row);
  }
  await write(...batches);
  expect(await rowOf('a3')).toEqual(row);
  expect(await eventsOf('a3')).toEqual(events);
});

test('an alarm goes on when the station begins a new journal', async () => {
  await write(entry({ events: [event('onset', NOW, alarmOf('a4'))] }));
  const ended = event('ended', NOW + 1, alarmOf('a4'), { cause: 'recovered' });
  const first = { ...entry({ events: [ended] }), position: 1n };
  await writeFrom(randomUUID(), first);
  expect(await rowOf('a4')).toMatchObject({ state: 'ended' });
});

test('it was published and shown when that was first so', async () => {
  await write(entry({ events: [event('onset', NOW, alarmOf('a5'))] }));
  await write(
    entry({
      stamps: [
        { alarm: 'a5', stage: 'shown', at: NOW + 30 },
        { alarm: 'a5', stage: 'shown', at: NOW + 20 },
        { alarm: 'nobody knows', stage: 'shown', at: NOW },
      ],
    }),
  );
  await write(entry({ stamps: [{ alarm: 'a5', stage: 'shown', at: NOW + 10 }] }));
  expect(await rowOf('a5')).toMatchObject({ published_at: null, shown_at: at(NOW + 20) });
});

test('a pause is an event without an alarm', async () => {
  const bed = 'paused-bed';
  const inactivation: Inactivation = {
    what: 'audio-paused',
    kind: null,
    by: 'Nurse Ada',
    since: NOW,
    until: NOW + 120_000,
    covered: [],
  };
  await write(entry({ bed, events: [{ type: 'inactivated', at: NOW, inactivation, by: 'Nurse Ada' }] }));
  const { rows } = await database.pool.query('select * from alarm_events where bed_id = $1', [bed]);
  expect(rows).toMatchObject([{ alarm_id: null, type: 'inactivated', actor: 'Nurse Ada', detail: { inactivation } }]);
});

test('what the engine was told is found again exactly, and where it stood', async () => {
  const bed = 'told-bed';
  const inputs = [
    { type: 'occupied', at: NOW + 0.123, device: 'm1', encounter: 3, config: PRESETS.neonatal },
    { type: 'device', at: NOW + 0.5, online: false },
  ] as const;
  const checkpoint = { state: initialState(bed), config: PRESETS.neonatal };
  // Of settings, all that decides something.
  const config = writeConfig(PRESETS.neonatal);
  const told = entry({ bed, inputs: [...inputs], checkpoint });
  await write(told);
  await write(told);
  const { rows } = await database.pool.query(
    'select at, type, input from alarm_inputs where bed_id = $1 order by journal_seq, place',
    [bed],
  );
  expect(rows).toEqual([
    { at: at(NOW), type: 'occupied', input: { ...inputs[0], config } },
    { at: at(NOW), type: 'device', input: inputs[1] },
    { at: at(NOW + 50), type: 'checkpoint', input: { state: writeState(checkpoint.state), config } },
  ]);
});

test('an alarm of the station is of no unit and no bed', async () => {
  const alarm = alarmOf('s1', { kind: 'station-database', condition: 'database-away', vital: null, value: null });
  await write(entry({ unit: null, bed: null, device: null, encounter: null, events: [event('onset', NOW, alarm)] }));
  expect(await rowOf('s1')).toMatchObject({ unit_id: null, bed_id: null, type: 'technical', vital: null, value: null });
});

test('no text is refused: what PostgreSQL cannot hold is replaced', async () => {
  const by = 'a\0b \\u0000 \ud800 \u{1f600} "q" \n';
  const id = 'odd\0id';
  const acknowledged = { by, at: NOW };
  await write(
    entry({ events: [event('onset', NOW, alarmOf(id))], inputs: [{ type: 'acknowledge', at: NOW, by, alarm: id }] }),
    entry({
      events: [event('acknowledged', NOW, alarmOf(id, { acknowledged }), { by })],
      stamps: [{ alarm: id, stage: 'shown', at: NOW }],
    }),
  );
  const readable = 'a␀b \\u0000 \ufffd \u{1f600} "q" \n';
  expect(await rowOf('odd␀id')).toMatchObject({ acknowledged_by: readable, shown_at: at(NOW) });
  expect(await eventsOf('odd␀id')).toMatchObject([{ actor: null }, { actor: readable, detail: { by: readable } }]);
});
