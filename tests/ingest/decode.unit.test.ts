import { Encoder } from 'cbor-x';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VitalsMessage } from '#contracts/mqtt/messages.ts';
import { QUALITIES } from '#domain/quality.ts';
import { fedBy, VITAL_IDS, vital } from '#domain/vitals.ts';
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
  expect(decodeStatus(Buffer.from('{"state":"online","time":3000}'))).toMatchObject({
    status: { state: 'online', time: 3_000 },
  });
  expect(decodeStatus(Buffer.from('{"state":"online"}'))).toMatchObject({ status: { time: undefined } });
  expect(decodeStatus(Buffer.from('{"state":"online","time":"noon"}'))).toMatchObject({
    status: { time: undefined },
    faults: [{ reason: 'payload-invalid' }],
  });
});

test('a message as JSON and as CBOR is the same message', () => {
  expect(decodeVitals(json(MESSAGE))).toEqual(EXPECTED);
  expect(decodeVitals(cbor(MESSAGE))).toEqual(EXPECTED);
  expect(decodeVitals(cbor({ ...MESSAGE, time: Date.parse(MESSAGE.time) }))).toEqual(EXPECTED);
});

test('a vital is known by its id, MDC reference id, MDC code and LOINC code', () => {
  for (const id of VITAL_IDS) {
    const { mdc, mdcId, loinc, plausible, unit } = vital(id);
    const fed = fedBy(id);
    const all = [mdc, ...(fed ? [vital(fed).mdc] : [])];
    for (const key of [id, mdcId, String(mdc), ...(loinc === null ? [] : [loinc])]) {
      const { messages, faults } = decodeVitals(json({ vitals: { [key]: { value: plausible[1], unit } } }));
      expect(faults).toEqual([]);
      expect(messages[0]?.items).toEqual(all.map((one) => ({ mdc: one, value: plausible[1], quality: 0 })));
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
  ['value-invalid', Buffer.from('{"vitals":{"heart-rate":NaN}}')],
  ['payload-invalid', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
  ['payload-malformed', Buffer.from([0xa1, 0x61])],
  ['payload-malformed', Buffer.from([0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])],
  ['payload-malformed', Buffer.alloc(200_000, 0x81)],
  ['payload-malformed', Buffer.from('['.repeat(100_000) + ']'.repeat(100_000))],
  ['payload-invalid', json('text')],
  ['payload-invalid', json([])],
  ['payload-invalid', json({})],
  ['payload-invalid', json({ vitals: {} })],
  ['payload-invalid', json({ vitals: [1, 2] })],
  ['payload-invalid', json({ vitals: { spo2: 97 }, time: 'yesterday' })],
  ['payload-invalid', json({ vitals: { spo2: 97 }, time: '2026-11-22T10:00:00' })],
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
  const online = { state: 'online', battery: 80, model: 'M1', time: undefined };
  expect(decodeStatus(json({ state: 'online', battery: 80, model: 'M1' }))).toEqual({ status: online, faults: [] });
  expect(decodeStatus(json({ state: 'asleep' }))).toMatchObject({
    status: undefined,
    faults: [{ reason: 'payload-invalid' }],
  });
  expect(decodeStatus(Buffer.from('offline')).faults).toMatchObject([{ reason: 'payload-malformed' }]);
});

test('a field of a status that is null is absent, one that is wrong costs only itself', () => {
  const { status, faults } = decodeStatus(
    json({ state: 'online', battery: 101, model: null, firmware: '2', time: 'soon', x: 1 }),
  );
  expect(status).toEqual({ state: 'online', firmware: '2', time: undefined });
  expect(faults.map(({ detail }) => detail.split(':')[0])).toEqual(['battery', 'time']);
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

const read = (text: string) => decodeVitals(Buffer.from(text));
const mdcOf = (payload: Buffer | string) =>
  decodeVitals(typeof payload === 'string' ? Buffer.from(payload) : payload).messages.flatMap(({ items }) =>
    items.map(({ mdc, value }) => [mdc, value]),
  );

test.each(['NaN', '-NaN', 'nan', 'Infinity', '-Infinity', 'inf'])(
  'a bare %s in JSON costs only its own entry',
  (word) => {
    const { messages, faults } = read(`{"seq":1,"vitals":{"spo2":${word},"heart-rate":72}}`);
    expect(faults.map(({ reason }) => reason)).toEqual(['value-invalid']);
    expect(messages).toMatchObject([{ seq: 1, items: [{ mdc: 147842, value: 72 }] }]);
  },
);

test.each(['time', 'sent', 'boot', 'seq'])('a null %s is absent', (name) => {
  for (const payload of [json({ [name]: null, vitals: { spo2: 97 } }), cbor({ [name]: null, vitals: { spo2: 97 } })]) {
    expect(decodeVitals(payload)).toEqual(decodeVitals(json({ vitals: { spo2: 97 } })));
  }
});

test.each([
  ['seq', -1],
  ['seq', 1.5],
  ['seq', '418'],
  ['seq', {}],
  ['boot', 'a\u0000b'],
  ['boot', '\ud800'],
  ['boot', []],
  ['boot', 'x'.repeat(65)],
  ['sent', 'soon'],
])('a wrong %s (%j) is refused, and what was measured is kept', (name, value) => {
  const { messages, faults } = decodeVitals(
    json({ time: 1e12, boot: 'b', seq: 3, vitals: { spo2: 97 }, [name]: value }),
  );
  expect(faults).toMatchObject([
    { reason: 'payload-invalid', detail: expect.stringMatching(new RegExp(`^${name}: `)) },
  ]);
  expect(messages).toMatchObject([{ time: 1e12, items: [{ value: 97 }], seq: name === 'sent' ? 3 : -1 }]);
});

test('a boot that is a number is its digits', () => {
  expect(decodeVitals(json({ boot: 7, seq: 1, vitals: { spo2: 97 } })).messages).toMatchObject([{ boot: '7', seq: 1 }]);
});

test('a byte order mark is passed over', () => {
  expect(decodeVitals(Buffer.from('\uFEFF{"vitals":{"spo2":97}}'))).toEqual(read('{"vitals":{"spo2":97}}'));
});

test('a name that is not UTF-8 costs only its own entry', () => {
  const latin = Buffer.from('{"vitals":{"temperature":{"value":37,"unit":"°C"},"spo2":97}}', 'latin1');
  expect(decodeVitals(latin).faults.map(({ reason }) => reason)).toEqual(['unit-unconvertible']);
  expect(mdcOf(latin)).toEqual([[150456, 97]]);
});

test('one bad message of an array costs only itself', () => {
  const { messages, faults } = read(
    '[{"vitals":{"spo2":97}},null,7,{"vitals":3},{"time":"soon","seq":5,"vitals":{"spo2":1}},{"vitals":{"spo2":98}}]',
  );
  expect(messages.map(({ seq, items }) => [seq, items.length])).toEqual([
    [-1, 1],
    [5, 0],
    [-1, 1],
  ]);
  expect(faults).toHaveLength(5);
});

const BREATHS = 151562;
const IMPEDANCE = 151578;
const CO2 = 151594;
const VENTILATOR = 151586;

describe('a rate of breathing keeps the code it was sent as, and counts as the rate of breathing', () => {
  test.each([
    ['{"MDC_CO2_RESP_RATE":14}', { [CO2]: 14, [BREATHS]: 14 }],
    ['{"151570":14}', { [CO2]: 14, [BREATHS]: 14 }],
    ['{"MDC_RESP_RATE":0,"MDC_VENT_RESP_RATE":14}', { [VENTILATOR]: 14, [BREATHS]: 0 }],
    ['{"MDC_TTHOR_RESP_RATE":15,"MDC_VENT_RESP_RATE":14}', { [IMPEDANCE]: 15, [VENTILATOR]: 14, [BREATHS]: 14 }],
    ['{"MDC_TTHOR_RESP_RATE":0,"MDC_VENT_RESP_RATE":14}', { [IMPEDANCE]: 0, [VENTILATOR]: 14, [BREATHS]: 0 }],
    ['{"MDC_VENT_RESP_RATE":14,"MDC_CO2_RESP_RATE":0}', { [VENTILATOR]: 14, [CO2]: 0, [BREATHS]: 0 }],
    ['{"respiratory-rate":null,"MDC_VENT_RESP_RATE":12}', { [VENTILATOR]: 12, [BREATHS]: 12 }],
    [
      '{"respiratory-rate":14,"MDC_VENT_RESP_RATE":{"value":0,"quality":"invalid"}}',
      { [VENTILATOR]: 0, [BREATHS]: 14 },
    ],
    ['{"fio2":40,"19994-3":{"value":0.45,"unit":"1"}}', { 160920: 45, 152196: 40 }],
  ])('%s', (vitals, expected) => {
    expect(Object.fromEntries(mdcOf(`{"vitals":${vitals}}`))).toEqual(expected);
  });

  test('only what is kept under no name is told as refused', () => {
    const faultsOf = (vitals: string) => read(`{"vitals":${vitals}}`).faults.map(({ detail }) => detail);
    expect(faultsOf('{"MDC_TTHOR_RESP_RATE":15,"MDC_VENT_RESP_RATE":14}')).toEqual([]);
    expect(faultsOf('{"MDC_RESP_RATE":0,"MDC_VENT_RESP_RATE":14}')).toEqual([]);
    expect(faultsOf('{"MDC_RESP_RATE":14,"MDC_VENT_RESP_RATE":0}')).toEqual([
      'MDC_RESP_RATE and MDC_VENT_RESP_RATE are both respiratory-rate and differ: MDC_VENT_RESP_RATE is kept',
    ]);
    expect(faultsOf('{"MDC_CO2_RESP_RATE":14,"151570":13}')).toHaveLength(1);
  });
});

test.each([
  ['{"respiratory-rate":0,"respiratory-rate":14}', BREATHS, 0],
  ['{"respiratory-rate":14,"respiratory-rate":0}', BREATHS, 0],
  ['{"MDC_PRESS_BLD_VEN_CENT_MEAN":6,"cvp":5}', 150084, 5],
  ['{"spo2":97,"2708-6":60}', 150456, 60],
  ['{"heart-rate":70,"8867-4":180}', 147842, 180],
])('of two that differ the worse is kept and the other is named: %s', (vitals, mdc, value) => {
  expect(mdcOf(`{"vitals":${vitals}}`)).toEqual([[mdc, value]]);
  const { faults } = read(`{"vitals":${vitals}}`);
  expect(faults).toMatchObject([{ reason: 'entry-twice', detail: expect.stringContaining('is kept') }]);
});

test('one vital under two codes with one value is one value, and nothing is refused', () => {
  expect(read('{"vitals":{"spo2":97,"2708-6":97}}').faults).toEqual([]);
  expect(mdcOf('{"vitals":{"spo2":97,"2708-6":97}}')).toEqual([[150456, 97]]);
});

test('entries given twice by name are both read; a time given twice is none', () => {
  expect(mdcOf('{"vitals":{"spo2":97},"vitals":{"heart-rate":72}}')).toEqual([
    [150456, 97],
    [147842, 72],
  ]);
  const { messages, faults } = read('{"time":1000000000000,"time":1000000000001,"seq":2,"vitals":{"spo2":97}}');
  expect(messages).toMatchObject([{ seq: 2, items: [] }]);
  expect(faults).toMatchObject([{ reason: 'payload-invalid', detail: 'time: is there twice' }]);
  expect(read('{"vitals":{"spo2":{"value":97,"value":60}}}').faults).toMatchObject([{ reason: 'value-invalid' }]);
});

test.each([
  ['spo2', 0.97],
  ['spo2', 1],
  ['fio2', 0.4],
  ['fio2', 1],
  ['nibp-systolic', 16],
  ['nibp-mean', 12.4],
])('%s %d without a unit is questioned, and with one it is taken', (key, value) => {
  const { messages, faults } = decodeVitals(json({ vitals: { [key]: value, 'heart-rate': 72 } }));
  expect(faults).toMatchObject([{ reason: 'value-ambiguous', detail: expect.stringContaining(key) }]);
  expect(messages[0]?.items).toHaveLength(1);
  const unit = key.startsWith('nibp') ? 'kPa' : '1';
  const told = decodeVitals(json({ vitals: { [key]: { value, unit } } }));
  expect(told.faults).toEqual([]);
  expect(told.messages[0]?.items[0]?.value).toBeGreaterThan(value);
});

test('what may be true is never questioned: no saturation, no pressure, no breath', () => {
  const vitals = {
    spo2: 0,
    'abp-mean': 9.3,
    etco2: 5.1,
    'respiratory-rate': 1,
    'heart-rate': 1,
    'perfusion-index': 0.4,
  };
  expect(decodeVitals(json({ vitals })).faults).toEqual([]);
});

test('an entry with a field that is unknown is refused by its name, for it could be the unit', () => {
  expect(read('{"vitals":{"nibp-mean":{"value":93,"units":"kPa"}}}').faults).toMatchObject([
    { reason: 'value-invalid', detail: 'nibp-mean: units is no field of an entry' },
  ]);
});

test('an ECG that is too large to be in mV is questioned unless it says so', () => {
  const block = { rate: 250, samples: [40, -40] };
  expect(decodeWaves(json({ waves: { 'ecg-ii': block } })).faults).toMatchObject([{ reason: 'value-ambiguous' }]);
  const told = decodeWaves(json({ waves: { 'ecg-ii': { ...block, unit: 'µV' } } }));
  expect(told.messages[0]?.items[0]?.samples).toEqual(Float32Array.of(0.04, -0.04));
});

test('one NaN sample is a missing sample, in CBOR and in JSON', () => {
  for (const payload of [
    cbor({ waves: { 'ecg-ii': { rate: 250, samples: [0.5, Number.NaN, 0.25] } } }),
    Buffer.from('{"waves":{"ecg-ii":{"rate":250,"samples":[0.5,NaN,0.25]}}}'),
  ]) {
    const { messages, faults } = decodeWaves(payload);
    expect(faults).toEqual([]);
    expect(messages[0]?.items[0]?.samples).toEqual(Float32Array.of(0.5, Number.NaN, 0.25));
  }
});

test('60,000 wrong samples are refused at the first, and thousands of faults are not all told', () => {
  const samples = new Array(60_000).fill('x');
  const { faults } = decodeWaves(json({ waves: { 'ecg-ii': { rate: 250, samples } } }));
  expect(faults).toEqual([{ reason: 'value-invalid', detail: 'ecg-ii: sample 0 is not a number or null' }]);
  const batch = Array.from({ length: 5_000 }, () => ({ vitals: { wrong: 1 } }));
  expect(decodeVitals(json(batch)).faults).toHaveLength(257);
});

test.each([
  [1_795_353_055, 'seconds'],
  [1_795_353_055.25, 'seconds'],
  [1.795e15, 'too large'],
  [Number.MAX_VALUE, 'too large'],
])('the time %d is refused, for it is hardly milliseconds', (time, why) => {
  const { messages, faults } = decodeVitals(json({ time, seq: 1, vitals: { spo2: 97 } }));
  expect(faults).toMatchObject([{ reason: 'time-implausible', detail: expect.stringContaining(why) }]);
  expect(messages).toMatchObject([{ seq: 1, items: [] }]);
});

test('what the schemas describe is read without a fault', () => {
  const entry = fc.oneof(
    fc.integer({ min: 60, max: 90 }),
    fc.constant(null),
    fc.record(
      { value: fc.integer({ min: 60, max: 90 }), quality: fc.constantFrom(...QUALITIES) },
      { noNullPrototype: true },
    ),
  );
  const message = fc.record(
    {
      time: fc.integer({ min: 1e12, max: 2e12 }),
      boot: fc.stringMatching(/^[a-z]{1,9}$/),
      seq: fc.nat(),
      vitals: fc.record({ spo2: entry, 'heart-rate': entry, cvp: entry }, { noNullPrototype: true }),
    },
    { requiredKeys: ['vitals'], noNullPrototype: true },
  );
  fc.assert(
    fc.property(message, (sent) => {
      expect(VitalsMessage.safeParse(sent).success).toBe(true);
      const fromJson = decodeVitals(json(sent));
      expect(fromJson.faults).toEqual([]);
      expect(decodeVitals(cbor(sent))).toEqual(fromJson);
    }),
    { seed: 8 },
  );
});
