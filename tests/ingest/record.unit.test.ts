import fc from 'fast-check';
import { expect, test } from 'vitest';
import { REJECT_REASONS } from '#contracts/mqtt/messages.ts';
import { ALARM_EVENT_TYPES, END_CAUSES, INACTIVATIONS } from '#domain/alarms/alarm.ts';
import { CONDITION_IDS, KIND_IDS, PRIORITIES } from '#domain/alarms/conditions.ts';
import { FORMAT, readConfig } from '#domain/alarms/formats/upcast.ts';
import { writeConfig } from '#domain/alarms/formats/written.ts';
import { type AlarmConfig, PRESETS } from '#domain/alarms/settings.ts';
import { initialState } from '#domain/alarms/state.ts';
import { VITAL_IDS } from '#domain/vitals.ts';
import { decodeRecord } from '../../ingest/formats/upcast.ts';
import { encodeRecord, type JournalRecord } from '../../ingest/record.ts';

/** Settings as they are written and read: a vital of which nothing is decided has none. */
const asRead = (config: AlarmConfig): AlarmConfig => readConfig(writeConfig(config), FORMAT);
const ADULT = asRead(PRESETS.adult);
const SETTINGS = [ADULT, asRead(PRESETS.paediatric), asRead(PRESETS.neonatal)];

const text = (maxLength: number) => fc.string({ unit: 'binary', maxLength });
const mdc = fc.integer({ min: 0, max: 0xffff_ffff });
const time = fc.integer({ min: 0, max: 4e12 });

const source = fc.record({
  device: text(64),
  bed: fc.option(fc.string({ minLength: 1, maxLength: 64 })),
  encounter: fc.option(fc.integer({ min: 0, max: 2 ** 31 - 1 })),
});

const block = <Item>(item: fc.Arbitrary<Item>) =>
  fc.record({
    time,
    boot: text(64),
    seq: fc.integer({ min: -1, max: Number.MAX_SAFE_INTEGER }),
    late: fc.boolean(),
    items: fc.array(item, { maxLength: 20 }),
  });

const reading = fc.record({ mdc, value: fc.double(), quality: fc.integer({ min: 0, max: 2 }) });
const samples = fc.record({ mdc, rate: fc.float({ noNaN: true }), samples: fc.float32Array({ maxLength: 50 }) });

const id = fc.stringMatching(/^[a-z][a-z0-9-]{0,9}$/);
const person = text(20).filter((name) => name.length > 0);
const orNull = <Value>(value: fc.Arbitrary<Value>) => fc.option(value);
const number = fc.integer({ min: -500, max: 500 });

const alarm = fc.record({
  id: text(40),
  kind: fc.constantFrom(...KIND_IDS),
  condition: fc.constantFrom(...CONDITION_IDS),
  vital: orNull(fc.constantFrom(...VITAL_IDS)),
  priority: fc.constantFrom(...PRIORITIES),
  state: fc.constantFrom('active' as const, 'latched' as const),
  startedAt: time,
  decidedAt: time,
  measuredAt: orNull(time),
  receivedAt: orNull(time),
  value: orNull(number),
  limit: orNull(number),
  worst: orNull(number),
  recurrences: fc.nat(),
  acknowledged: orNull(fc.record({ by: person, at: time })),
  config: fc.constant(PRESETS.adult.version),
});

const alarmEvent = fc.oneof(
  fc.record({
    type: fc.constantFrom(...ALARM_EVENT_TYPES),
    at: time,
    alarm,
    by: orNull(person),
    cause: orNull(fc.constantFrom(...END_CAUSES)),
  }),
  fc.record({
    type: fc.constantFrom('inactivated' as const, 'reactivated' as const),
    at: time,
    inactivation: fc.record({
      what: fc.constantFrom(...INACTIVATIONS),
      kind: orNull(fc.constantFrom(...KIND_IDS)),
      by: person,
      since: time,
      until: orNull(time),
      covered: fc.array(text(40)),
    }),
    by: orNull(person),
  }),
);

const alarmInput = fc.oneof(
  fc.record({ type: fc.constant('resumed' as const), at: time }),
  fc.record({
    type: fc.constant('occupied' as const),
    at: time,
    device: orNull(id),
    encounter: orNull(fc.nat()),
    config: fc.constantFrom(...SETTINGS),
  }),
  fc.record({ type: fc.constant('acknowledge' as const), at: time, by: person, alarm: text(40) }),
);

const record: fc.Arbitrary<JournalRecord> = fc.oneof(
  fc.record({
    kind: fc.constant('alarm' as const),
    receivedAt: time,
    unit: orNull(id),
    bed: orNull(id),
    device: orNull(id),
    encounter: orNull(fc.nat()),
    inputs: fc.array(alarmInput, { maxLength: 3 }),
    events: fc.array(alarmEvent, { maxLength: 3 }),
    stamps: fc.array(
      fc.record({ alarm: text(40), stage: fc.constantFrom('published' as const, 'shown' as const), at: time }),
      { maxLength: 3 },
    ),
    checkpoint: orNull(fc.constant({ state: initialState('b1'), config: ADULT })),
  }),
  fc.record({ kind: fc.constant('vitals' as const), receivedAt: time, source, blocks: fc.array(block(reading)) }),
  fc.record({ kind: fc.constant('waves' as const), receivedAt: time, source, blocks: fc.array(block(samples)) }),
  fc.record({
    kind: fc.constant('reject' as const),
    receivedAt: time,
    topic: text(256),
    device: text(64),
    reason: fc.constantFrom(...REJECT_REASONS),
    detail: text(500),
    payload: fc.uint8Array({ maxLength: 1_024 }).map((bytes) => Buffer.from(bytes)),
    payloadBytes: fc.integer({ min: 0, max: 2 ** 31 }),
  }),
  fc.record({
    kind: fc.constant('device' as const),
    receivedAt: time,
    device: text(64),
    model: fc.option(fc.string({ minLength: 1 })),
    firmware: fc.option(fc.string({ minLength: 1 })),
  }),
);

test('every record comes back from its bytes as it was', () => {
  fc.assert(
    fc.property(record, (given) => {
      expect(decodeRecord(encodeRecord(given))).toEqual(given);
    }),
  );
});

test('bytes that are cut short or of an unknown kind are refused, not misread', () => {
  const bytes = encodeRecord({ kind: 'device', receivedAt: 1, device: 'm1', model: 'X', firmware: null });
  for (let length = 0; length < bytes.length; length++) {
    expect(() => decodeRecord(bytes.subarray(0, length))).toThrow(RangeError);
  }
  expect(() => decodeRecord(Buffer.from([99, 0, 0, 0, 0, 0, 0, 0, 0]))).toThrow('unknown kind');
});

test('an alarm record that is no alarm record is refused, not misread', () => {
  const bytes = encodeRecord({
    kind: 'alarm',
    receivedAt: 1,
    unit: null,
    bed: null,
    device: null,
    encounter: null,
    inputs: [{ type: 'resumed', at: 1 }],
    events: [],
    stamps: [],
    checkpoint: null,
  });
  for (const damage of ['"resumed"', '"inputs"', '}']) {
    const damaged = Buffer.from(bytes);
    damaged.write('?', damaged.indexOf(damage) + 1);
    expect(() => decodeRecord(damaged)).toThrow(RangeError);
  }
});
