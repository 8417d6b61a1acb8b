import { Encoder } from 'cbor-x';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeStatus, decodeVitals, decodeWaves } from '../../../ingest/decode.ts';
import { readJson } from '../../../ingest/payload/json.ts';
import { parsePayload } from '../../../ingest/payload/parse.ts';
import { Fields, Moment, Unreadable, type Value } from '../../../ingest/payload/value.ts';

const encoder = new Encoder({ useRecords: false });
const hex = (...parts: string[]): Buffer => Buffer.from(parts.join(''), 'hex');
const parse = (payload: Buffer) => parsePayload(payload);

/** A tree as JSON.parse would give it. */
const plain = (value: Value | undefined): unknown => {
  if (Array.isArray(value)) return value.map(plain);
  if (!(value instanceof Fields)) return value;
  return Object.fromEntries(value.keys.map((key, index) => [key, plain(value.values[index])]));
};

test('JSON is read as JSON.parse reads it, to the last bit of each number', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 8 }), (text) => {
      expect(plain(readJson(text))).toEqual(JSON.parse(text));
    }),
    { seed: 8, numRuns: 500 },
  );
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      expect(readJson(JSON.stringify([number]))).toEqual([JSON.parse(JSON.stringify(number))]);
    }),
    { seed: 8, numRuns: 2_000 },
  );
  for (const text of ['0.1', '-0.3', '123456789012345', '1234567890123456', '0.000001', '1e2', '5E-1', '72.50']) {
    expect(readJson(text)).toBe(JSON.parse(text));
  }
});

test('what JSON.parse refuses is refused, but for the words of numbers', () => {
  const damaged = fc.tuple(fc.json(), fc.nat(), fc.string({ maxLength: 2 })).map(([text, place, insert]) => {
    const at = place % (text.length + 1);
    return text.slice(0, at) + insert + text.slice(at + 1);
  });
  fc.assert(
    fc.property(damaged, (text) => {
      let expected: unknown;
      try {
        expected = JSON.parse(text);
      } catch {
        expect(() => readJson(text)).toThrow();
        return;
      }
      expect(plain(readJson(text))).toEqual(expected);
    }),
    { seed: 8, numRuns: 1_000 },
  );
  for (const text of [
    '01',
    '1.',
    '.5',
    '+1',
    '-',
    '1e',
    '[1,]',
    '{"a":1,}',
    "{'a':1}",
    'tru',
    'NULL',
    '"a\nb"',
    '[1] 2',
  ]) {
    expect(() => readJson(text)).toThrow();
  }
});

test('CBOR is read as it was written', () => {
  const json = fc.jsonValue({ maxDepth: 6 });
  fc.assert(
    fc.property(json, (value) => {
      const expected = JSON.parse(JSON.stringify(value));
      const parsed = parse(Buffer.concat([hex('d9d9f7'), encoder.encode(expected)]));
      expect('value' in parsed && plain(parsed.value)).toEqual(expected);
    }),
    { seed: 8, numRuns: 500 },
  );
});

test.each([
  ['c074', Buffer.from('2026-11-22T10:00:00Z').toString('hex'), Date.UTC(2026, 10, 22, 10)],
  ['c11a', '6b034660', 1_795_376_736_000],
  ['c1fb', '41dac0d19800000000'.slice(0, 16), 1_795_376_736_000],
])('times by tags 0 and 1 are times: %s%s', (tag, content, expected) => {
  const parsed = parse(hex('81', tag, content));
  expect('value' in parsed && parsed.value).toEqual([new Moment(expected)]);
});

test('integers are read up to 64 bits, and halves and singles as what they are', () => {
  const parsed = parse(
    hex(
      '8a',
      'c2420100',
      'c34100',
      '1b0000000100000000',
      '3863',
      'f93c00',
      'f9fc00',
      'fa3fc00000',
      'f7',
      'f4',
      'c249010000000000000000',
    ),
  );
  expect('value' in parsed && parsed.value).toEqual([
    ...[256, -1, 2 ** 32, -100, 1, Number.NEGATIVE_INFINITY, 1.5, null, false],
    new Unreadable('an integer of more than 64 bits'),
  ]);
});

test.each([
  ['an expanding array', 'd833', '82001a3b9aca00'],
  ['a shared value', 'd81c', '80'],
  ['a reference', 'd81d', '00'],
  ['a typed array', 'd84e', '4400000000'],
  ['a record of cbor-x', 'd9dfff', '80'],
  ['a bundle of strings', 'd9dff9', '80'],
  ['a string reference', 'd819', '00'],
  ['a date of days', 'd864', '1903e8'],
  ['a decimal fraction', 'c4', '820102'],
])('%s costs its own entry and nothing else', (_, tag, content) => {
  const payload = hex(
    'a1',
    '66',
    Buffer.from('vitals').toString('hex'),
    'a2',
    '64',
    Buffer.from('spo2').toString('hex'),
    tag,
    content,
    '6a',
    Buffer.from('heart-rate').toString('hex'),
    '1848',
  );
  const { messages, faults } = decodeVitals(payload);
  expect(faults).toMatchObject([{ reason: 'value-invalid', detail: expect.stringMatching(/^spo2: CBOR tag \d+$/) }]);
  expect(messages[0]?.items).toMatchObject([{ mdc: 147842, value: 72 }]);
});

test.each([
  ['a length of more than there is', '9affffffff'],
  ['a length of more than there is', 'bb0010000000000000'],
  ['ends too early', '811b00'],
  ['ends too early', '815affffffff'],
  ['a string in pieces', '817f6161ff'],
  ['an end of nothing', '82ff01'],
  ['ends too early', '9f01'],
  ['a length that does not exist', '811c'],
  ['more after its end', '8000'],
  ['nested deeper than 16', `${'81'.repeat(40)}00`],
  ['nested deeper than 16', '9f'.repeat(100_000)],
  ['nested deeper than 16', `81${'c1'.repeat(50)}00`],
])('CBOR is refused: %s', (why, bytes) => {
  expect(parse(hex(bytes))).toEqual({ why: `not CBOR: ${why}` });
});

test('a megabyte of the worst costs little time and memory', () => {
  const worst = [
    Buffer.concat([hex('9a000fffff'), Buffer.alloc(2 ** 20, 0xa0)]),
    Buffer.concat([hex('9f'), Buffer.alloc(2 ** 20, 0x80)]),
    Buffer.concat([hex('9f'), Buffer.alloc(2 ** 20, 0xf6)]),
    Buffer.from(`[${'{},'.repeat(340_000)}{}]`),
    Buffer.from(`[${'0,'.repeat(500_000)}0]`),
    Buffer.from(`["${'\\n'.repeat(500_000)}"]`),
    Buffer.from(`[${'9'.repeat(1_000_000)}]`),
    Buffer.from('['.repeat(2 ** 20)),
  ];
  for (const payload of worst) {
    const before = process.memoryUsage();
    const started = performance.now();
    expect(decodeVitals(payload).messages).toEqual([]);
    expect(performance.now() - started).toBeLessThan(3_000);
    const after = process.memoryUsage();
    expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(150 * 2 ** 20);
  }
});

/** Bytes that follow the grammar of CBOR, so that they get further than noise does, with any tag and any length told. */
const grammar = fc.letrec<{ item: Buffer }>((tie) => {
  const items = fc.array(tie('item'), { maxLength: 5 });
  const head = (major: number, value: number) => {
    const bytes = Buffer.alloc(5);
    bytes[0] = (major << 5) | 26;
    bytes.writeUInt32BE(value, 1);
    return bytes;
  };
  const lie = fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(2 ** 31) });
  return {
    item: fc.oneof(
      { maxDepth: 8, depthSize: 'large' },
      fc.nat(2 ** 31).map((value) => head(0, value)),
      fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.concat([Buffer.from([0x40 | bytes.length]), bytes])),
      fc
        .constantFrom('vitals', 'waves', 'time', 'spo2', 'rate', 'samples', 'value', '__proto__')
        .map((word) => Buffer.from(encoder.encode(word))),
      fc.constantFrom('f4', 'f6', 'f7', 'f97e00', 'fb7ff0000000000000', 'f8ff', 'ff', '1c').map((bytes) => hex(bytes)),
      fc.tuple(items, lie).map(([values, more]) => Buffer.concat([head(4, values.length + more), ...values])),
      fc.tuple(items, lie).map(([values, more]) => Buffer.concat([head(5, (values.length >> 1) + more), ...values])),
      items.map((values) => Buffer.concat([hex('9f'), ...values, hex('ff')])),
      fc
        .tuple(fc.constantFrom(0, 1, 2, 3, 25, 28, 29, 51, 64, 78, 256, 258, 55_799, 57_337, 57_343), tie('item'))
        .map(([tag, value]) => Buffer.concat([head(6, tag), value])),
    ),
  };
});

test('whatever follows the grammar of a format gets an answer, soon', () => {
  const payloads = fc.oneof(
    grammar.item,
    fc.json({ maxDepth: 20 }).map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  );
  const started = performance.now();
  fc.assert(
    fc.property(payloads, (payload) => {
      for (const decode of [decodeVitals, decodeWaves, decodeStatus])
        expect(decode(payload).faults.length).toBeLessThanOrEqual(257);
    }),
    { seed: 8, numRuns: 3_000 },
  );
  expect(performance.now() - started).toBeLessThan(30_000);
});
