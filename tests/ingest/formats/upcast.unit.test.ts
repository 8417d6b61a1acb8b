import { expect, test } from 'vitest';
import {
  FORMAT,
  NewerFormatError,
  readConfig,
  readInput,
  readState,
  UnreadableFormatError,
} from '#domain/alarms/formats/upcast.ts';
import { writeConfig } from '#domain/alarms/formats/written.ts';
import { PRESETS } from '#domain/alarms/settings.ts';
import { initialState } from '#domain/alarms/state.ts';
import {
  decodeRecord,
  decodeRecordToStore,
  decodeState,
  formatOfRecord,
  formatOfState,
} from '../../../ingest/formats/upcast.ts';
import { encodeRecord, type JournalRecord } from '../../../ingest/record.ts';
import { GOLDEN_RELEASES, goldenRecords, goldenStates } from '../../support/golden.ts';

/** What every release wrote. */
const SORTS = [
  ...['vitals', 'vitals late', 'waves', 'reject', 'device', 'stamps', 'checkpoint'],
  ...['resumed', 'occupied', 'configured', 'device', 'station', 'acknowledge', 'reset', 'inactivate', 'reactivate'].map(
    (type) => `input ${type}`,
  ),
  ...['onset', 'escalated', 'latched', 'recurred', 'acknowledged', 'ended', 'inactivated', 'reactivated'].map(
    (type) => `event ${type}`,
  ),
];

/** What a release could say that the first could not. */
const ALSO: Readonly<Record<string, readonly string[]>> = { '0.2.0': ['input oxygen', 'event moved-in'] };

/** The record as the release itself read it: NaN is null there, and bytes are hexadecimal. */
const readable = (record: object): object =>
  JSON.parse(
    JSON.stringify(record, (_key, value) =>
      value instanceof Float32Array
        ? [...value]
        : value?.type === 'Buffer'
          ? Buffer.from(value.data).toString('hex')
          : value,
    ),
  );

/** The same, of settings only what decides something: more is not written down. */
const deciding = (record: object): object =>
  JSON.parse(
    JSON.stringify(readable(record), (key, value) => (key === 'config' && value?.vitals ? writeConfig(value) : value)),
  );

/** The states within checkpoints have today's shape once they are read: tests/domain/alarms/formats is about them. */
const withoutStates = (record: object): object => {
  if (!('checkpoint' in record) || typeof record.checkpoint !== 'object' || record.checkpoint === null) return record;
  const { state: _, ...checkpoint } = record.checkpoint as { state?: unknown };
  return { ...record, checkpoint };
};

test.each(GOLDEN_RELEASES)('%s: a record of every sort is read as that release read it', (release) => {
  const golden = goldenRecords(release);
  const sorts = new Set(golden.flatMap((one) => one.sorts));
  expect(sorts).toEqual(new Set([...SORTS, ...(ALSO[release] ?? [])]));
  for (const { bytes, record } of golden) {
    const decoded = decodeRecord(Buffer.from(bytes, 'base64'));
    expect(readable(decoded)).toMatchObject(withoutStates(record));
    expect(deciding(decodeRecord(encodeRecord(decoded)))).toEqual(deciding(decoded));
  }
});

/** An alarm record as who only puts it into the database has it, read from there as anybody does. */
const readFromStore = (bytes: Buffer) => {
  const record = decodeRecordToStore(bytes);
  if (record.kind !== 'alarm') return record;
  const checkpoint = record.checkpoint as { state: unknown; config: unknown } | null;
  return {
    ...record,
    inputs: record.inputs.map((input) => readInput(input, FORMAT)),
    checkpoint: checkpoint && {
      state: readState(checkpoint.state, FORMAT),
      config: readConfig(checkpoint.config, FORMAT),
    },
  };
};

test.each(GOLDEN_RELEASES)('%s: what goes into the database unread says there what reading it says', (release) => {
  for (const { bytes } of goldenRecords(release)) {
    const given = Buffer.from(bytes, 'base64');
    expect(deciding(readFromStore(given))).toEqual(deciding(decodeRecord(given)));
  }
});

test.each([
  ['an input without a time', { inputs: [{ type: 'resumed' }] }],
  ['an input that is nothing', { inputs: [{ toJSON: () => null }] }],
  ['an event that is none', { events: [{ type: 'onset', at: 1 }] }],
  ['no inputs', { inputs: { map: () => undefined } }],
])('%s is refused on its way into the database too', (_what, change) => {
  const body = {
    unit: 'icu',
    bed: 'b1',
    device: null,
    encounter: null,
    inputs: [],
    events: [],
    stamps: [],
    checkpoint: null,
  };
  const record = encodeRecord({ ...body, ...change, kind: 'alarm', receivedAt: 1 } as unknown as JournalRecord);
  expect(() => decodeRecordToStore(record)).toThrow(RangeError);
});

test('of settings a record names only what decides something: half of a restart was settings of which nothing is decided', () => {
  const config = PRESETS.adult;
  const input = { type: 'configured', at: 1, config } as const;
  const state = initialState('b1');
  const where = { unit: 'icu', bed: 'b1', device: null, encounter: null };
  const record = { ...where, inputs: [input], events: [], stamps: [], checkpoint: { state, config } };
  const stored = decodeRecordToStore(encodeRecord({ kind: 'alarm', receivedAt: 1, ...record }));
  const written = JSON.parse(JSON.stringify(writeConfig(config)));
  expect(stored).toMatchObject({ inputs: [{ config: written }], checkpoint: { config: written } });
  expect(Object.keys(written.vitals).length).toBeLessThan(Object.keys(config.vitals).length / 2);
});

test.each(GOLDEN_RELEASES)('%s: every saved state is read', (release) => {
  const states = goldenStates(release);
  expect(states.length).toBeGreaterThan(5);
  for (const { key, value } of states) expect(decodeState(Buffer.from(value)).state.subject).toBe(key);
});

test('beds with the same settings share them, and are read as each alone would be', () => {
  const written = goldenStates('0.2.0').map(({ value }) => value);
  const [first, ...others] = written.map((value) => decodeState(Buffer.from(value)).config);
  for (const [index, value] of written.entries()) {
    const whole: { config: unknown } = JSON.parse(value);
    // Settings that stand first are not found by where they end: they are read anew.
    const { config } = decodeState(Buffer.from(JSON.stringify({ config: whole.config, ...JSON.parse(value) })));
    expect(config).toEqual([first, ...others][index]);
  }
  const again = written.map((value) => decodeState(Buffer.from(value)).config);
  expect(again.every((config, index) => config === [first, ...others][index])).toBe(true);
});

test('a vital in the settings that nobody knows is told of each bed that has it', () => {
  const [{ value } = { value: '' }] = goldenStates('0.2.0');
  const whole = JSON.parse(value);
  whole.config.vitals['of-tomorrow'] = whole.config.vitals['heart-rate'];
  const told: string[] = [];
  for (let bed = 0; bed < 2; bed++) {
    decodeState(Buffer.from(JSON.stringify(whole)), (what) => told.push(what));
  }
  expect(told).toEqual(['of-tomorrow', 'of-tomorrow']);
});

test('a state whose last `config` is that of an alarm, cut short or not, is not taken for one that ends with settings', () => {
  const [{ value } = { value: '' }] = goldenStates('0.2.0');
  decodeState(Buffer.from(value));
  const end = value.slice(value.lastIndexOf(',"config":'));
  expect(() => decodeState(Buffer.from(`{"version":${FORMAT},"state":{"subject":"b1"${end}`))).toThrow(
    UnreadableFormatError,
  );
});

test('records and states name their format; those of the first release are known by naming none', () => {
  const record = { kind: 'device', receivedAt: 1, device: 'm1', model: null, firmware: null } as const;
  expect(formatOfRecord(encodeRecord(record))).toBe(FORMAT);
  for (const { bytes } of goldenRecords('0.1.0')) expect(formatOfRecord(Buffer.from(bytes, 'base64'))).toBe(1);
  for (const { value } of goldenStates('0.1.0')) expect(formatOfState(Buffer.from(value))).toBe(1);
  expect(formatOfState(Buffer.from('{"version":'))).toBeUndefined();
});

test('what names a newer format is not guessed at', () => {
  const bytes = encodeRecord({ kind: 'device', receivedAt: 1, device: 'm1', model: null, firmware: null });
  const newer = Buffer.from(bytes);
  newer[0] = (newer[0] ?? 0) + 1;
  expect(() => decodeRecord(newer)).toThrow(NewerFormatError);
  expect(() => decodeState(Buffer.from(JSON.stringify({ version: FORMAT + 1 })))).toThrow(NewerFormatError);
});

test('golden bytes cut short or damaged are refused, never misread as something endless', () => {
  for (const { bytes } of goldenRecords('0.1.0')) {
    const whole = Buffer.from(bytes, 'base64');
    for (let length = 0; length < whole.length; length += 1 + Math.floor(whole.length / 40)) {
      expect(() => decodeRecord(whole.subarray(0, length))).toThrow(RangeError);
    }
  }
});
