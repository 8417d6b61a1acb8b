import { Encoder } from 'cbor-x';
import { expect, test } from 'vitest';
import { VITAL_IDS, vital } from '#domain/vitals.ts';
import { decodeStatus, decodeVitals, decodeWaves } from '../../ingest/decode.ts';

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const cbor = (value: unknown): Buffer => new Encoder({ useRecords: false }).encode(value);

const MESSAGE = {
  time: '2026-11-22T10:00:00.250Z',
  boot: 'b7',
  seq: 418,
  vitals: {
    'heart-rate': 72,
    spo2: { value: 97, quality: 'questionable' },
    temperature: { value: 98.6, unit: '[degF]' },
    'nibp-systolic': null,
  },
};

const EXPECTED = {
  messages: [
    {
      time: Date.UTC(2026, 10, 22, 10, 0, 0, 250),
      boot: 'b7',
      seq: 418,
      items: [
        { mdc: 147842, value: 72, quality: 0 },
        { mdc: 150456, value: 97, quality: 1 },
        { mdc: 150344, value: 37, quality: 0 },
        { mdc: 150021, value: Number.NaN, quality: 0 },
      ],
    },
  ],
  faults: [],
};

test('the time of sending is read as the time of measuring is, of messages and of a status', () => {
  const { messages } = decodeVitals(Buffer.from('{"time":1000,"sent":"1970-01-01T00:00:02Z","vitals":{"spo2":97}}'));
  expect(messages).toMatchObject([{ time: 1_000, sent: 2_000 }]);
  expect(decodeStatus(Buffer.from('{"state":"online","time":3000}'))).toMatchObject({ state: 'online', time: 3_000 });
  expect(decodeStatus(Buffer.from('{"state":"online"}'))).toMatchObject({ time: undefined });
  expect(decodeStatus(Buffer.from('{"state":"online","time":"noon"}'))).toMatchObject({ reason: 'payload-invalid' });
});

test('a message as JSON and as CBOR is the same message', () => {
  expect(decodeVitals(json(MESSAGE))).toEqual(EXPECTED);
  expect(decodeVitals(cbor(MESSAGE))).toEqual(EXPECTED);
  expect(decodeVitals(cbor({ ...MESSAGE, time: Date.parse(MESSAGE.time) }))).toEqual(EXPECTED);
});

test('a vital is known by its id, MDC reference id, MDC code and LOINC code', () => {
  for (const id of VITAL_IDS) {
    const { mdc, mdcId, loinc, plausible } = vital(id);
    for (const key of [id, mdcId, String(mdc), loinc]) {
      const { messages, faults } = decodeVitals(json({ vitals: { [key]: plausible[1] } }));
      expect(faults).toEqual([]);
      expect(messages[0]?.items).toEqual([{ mdc, value: plausible[1], quality: 0 }]);
    }
  }
});

test.each([
  ['value-implausible', { 'heart-rate': 351 }],
  ['value-implausible', { spo2: -1 }],
  ['value-invalid', { 'heart-rate': '72' }],
  ['value-invalid', { 'heart-rate': { value: 'x' } }],
  ['value-invalid', { 'heart-rate': { value: 72, colour: 'red' } }],
  ['value-invalid', { 'heart-rate': [] }],
  ['value-invalid', { 'heart-rate': true }],
  ['unit-unconvertible', { temperature: { value: 37, unit: 'mm[Hg]' } }],
  ['unit-unconvertible', { temperature: { value: 37, unit: 'toString' } }],
  ['vital-unknown', { 'blood-sugar': 5 }],
  ['vital-unknown', { constructor: 5 }],
])('one entry is refused as %s and its neighbour is kept', (reason, entry) => {
  const { messages, faults } = decodeVitals(json({ vitals: { ...entry, 'respiratory-rate': 12 } }));
  expect(faults.map((fault) => fault.reason)).toEqual([reason]);
  expect(messages[0]?.items).toEqual([{ mdc: 151562, value: 12, quality: 0 }]);
});

test('a __proto__ key is an unknown vital like any other', () => {
  const { messages, faults } = decodeVitals(Buffer.from('{"vitals":{"__proto__":{"heart-rate":1},"spo2":97}}'));
  expect(faults.map((fault) => fault.reason)).toEqual(['vital-unknown']);
  expect(messages[0]?.items).toHaveLength(1);
  expect(({} as Record<string, unknown>)['heart-rate']).toBeUndefined();
});

test.each([
  ['payload-malformed', Buffer.alloc(0)],
  ['payload-malformed', Buffer.from('{"vitals":{"heart-rate":72')],
  ['payload-malformed', Buffer.from('{"vitals":{"heart-rate":NaN}}')],
  ['payload-malformed', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
  ['payload-malformed', Buffer.from([0xa1, 0x61])],
  ['payload-malformed', Buffer.from([0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])],
  ['payload-malformed', Buffer.alloc(200_000, 0x81)],
  ['payload-invalid', Buffer.from('['.repeat(100_000) + ']'.repeat(100_000))],
  ['payload-invalid', json('text')],
  ['payload-invalid', json([])],
  ['payload-invalid', json({})],
  ['payload-invalid', json({ vitals: {} })],
  ['payload-invalid', json({ vitals: [1, 2] })],
  ['payload-invalid', json({ vitals: { spo2: 97 }, time: 'yesterday' })],
  ['payload-invalid', json({ vitals: { spo2: 97 }, time: '2026-11-22T10:00:00' })],
  ['payload-invalid', json({ vitals: { spo2: 97 }, seq: -1 })],
  ['payload-invalid', json({ vitals: { spo2: 97 }, seq: 1.5 })],
  ['payload-invalid', json({ vitals: { spo2: 97 }, boot: 'a\u0000b' })],
  ['batch-too-long', json(Array.from({ length: 10_000 }, () => ({ vitals: { spo2: 97 } })))],
])('a payload is refused as %s', (reason, payload) => {
  const { messages, faults } = decodeVitals(payload);
  expect(messages.flatMap((message) => message.items)).toEqual([]);
  expect([...new Set(faults.map((fault) => fault.reason))]).toEqual([reason]);
});

test('infinite numbers are refused, in JSON and in CBOR', () => {
  for (const payload of [
    Buffer.from('{"vitals":{"heart-rate":1e400}}'),
    cbor({ vitals: { 'heart-rate': Number.NaN } }),
    cbor({ vitals: { 'heart-rate': Number.POSITIVE_INFINITY } }),
  ]) {
    expect(decodeVitals(payload).faults.map((fault) => fault.reason)).toEqual(['value-invalid']);
  }
});

test('a message of which nothing is left still has its sequence number', () => {
  const { messages } = decodeVitals(json({ boot: 'b1', seq: 9, vitals: { nonsense: 1 } }));
  expect(messages).toEqual([{ time: undefined, boot: 'b1', seq: 9, items: [] }]);
});

test('a reason names the entry and never quotes more than a little of it', () => {
  const { faults } = decodeVitals(json({ vitals: { ['x'.repeat(10_000)]: 1 } }));
  expect(faults[0]?.detail.length).toBeLessThan(200);
});

test('waves come in catalogue units, with what is missing as NaN', () => {
  const { messages, faults } = decodeWaves(
    json({ time: 1e12, waves: { 'ecg-ii': { rate: 250, unit: 'uV', samples: [500, null, -250] } } }),
  );
  expect(faults).toEqual([]);
  expect(messages[0]?.items).toEqual([{ mdc: 131330, rate: 250, samples: Float32Array.of(0.5, Number.NaN, -0.25) }]);
});

test.each([
  ['value-invalid', { rate: 0, samples: [1] }],
  ['value-invalid', { rate: 250, samples: [] }],
  ['value-invalid', { rate: 250, samples: ['1'] }],
  ['value-invalid', { rate: 250, samples: new Array(60_001).fill(0) }],
  ['value-implausible', { rate: 250, samples: [1, 51] }],
  ['unit-unconvertible', { rate: 250, unit: 'Cel', samples: [1] }],
])('a wave is refused as %s', (reason, block) => {
  const { faults } = decodeWaves(json({ waves: { 'ecg-ii': block } }));
  expect(faults.map((fault) => fault.reason)).toEqual([reason]);
});

test('a status is read, and refused when it says nothing we know', () => {
  expect(decodeStatus(json({ state: 'online', battery: 80, model: 'M1' }))).toEqual({
    state: 'online',
    battery: 80,
    model: 'M1',
  });
  expect(decodeStatus(json({ state: 'asleep' }))).toMatchObject({ reason: 'payload-invalid' });
  expect(decodeStatus(Buffer.from('offline'))).toMatchObject({ reason: 'payload-malformed' });
});

test('times are whole microseconds, as the database keeps them', () => {
  const base = 1_795_353_055_000;
  const batch = [0, 0.0003, 0.001].map((ms) => ({ time: base + ms, vitals: { spo2: 97 } }));
  const [first, second, third] = decodeVitals(json(batch)).messages;
  expect(first?.time).toBe(base);
  expect(second?.time).toBe(base);
  expect(third?.time).toBe(base + 0.001);
});

test('neither a byte string nor thousands of names are entries', () => {
  expect(decodeVitals(cbor({ vitals: Buffer.alloc(100_000) })).faults).toEqual([
    { reason: 'payload-invalid', detail: 'vitals: expected an object' },
  ]);
  const vitals = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`v${index}`, 1]));
  expect(decodeVitals(json({ vitals })).faults).toEqual([
    { reason: 'payload-invalid', detail: '10000 entries in one message, at most 256' },
  ]);
});
