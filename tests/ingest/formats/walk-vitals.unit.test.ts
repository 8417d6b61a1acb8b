import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FORMAT_FLAG } from '../../../ingest/formats/flag.ts';
import { decodeRecord } from '../../../ingest/formats/upcast.ts';
import { canWalk, sourceOf, walkVitals } from '../../../ingest/formats/walk-vitals.ts';
import { type Block, encodeRecord, type Reading, type Source, type VitalsRecord } from '../../../ingest/record.ts';
import { goldenRecords } from '../../support/golden.ts';

/** What is told of a record, put together again. */
const walked = (bytes: Buffer): VitalsRecord => {
  let receivedAt = 0;
  let source: Source = { device: '', bed: null, encounter: null };
  const blocks: (Omit<Block<Reading>, 'items'> & { items: Reading[] })[] = [];
  walkVitals(bytes, {
    message(at, _bytes, record) {
      receivedAt = at;
      source = sourceOf(record);
    },
    block: (time, boot, seq, late) => void blocks.push({ time, boot, seq, late, items: [] }),
    reading: (mdc, value, quality) => void blocks.at(-1)?.items.push({ mdc, value, quality }),
  });
  return { kind: 'vitals', receivedAt, source, blocks };
};

const text = (maxLength: number) => fc.string({ unit: 'binary', maxLength });

const vitals = fc.record({
  kind: fc.constant('vitals' as const),
  receivedAt: fc.double({ noNaN: true }),
  source: fc.record({
    device: text(30),
    bed: fc.option(fc.string({ minLength: 1, maxLength: 30 })),
    encounter: fc.option(fc.nat()),
  }),
  blocks: fc.array(
    fc.record({
      time: fc.double(),
      boot: text(10),
      seq: fc.integer({ min: -1 }),
      late: fc.boolean(),
      items: fc.array(fc.record({ mdc: fc.nat(), value: fc.double(), quality: fc.nat({ max: 2 }) }), { maxLength: 9 }),
    }),
    { maxLength: 4 },
  ),
});

test('what is walked is what is decoded', () => {
  fc.assert(
    fc.property(vitals, (record) => {
      const bytes = encodeRecord(record);
      expect(canWalk(bytes)).toBe(true);
      expect(walked(bytes)).toEqual(decodeRecord(bytes));
    }),
  );
});

test('vitals of release 0.2.0 are walked, and nothing else of any release', () => {
  for (const { bytes: base64 } of goldenRecords('0.2.0')) {
    const bytes = Buffer.from(base64, 'base64');
    const decoded = decodeRecord(bytes);
    expect(canWalk(bytes)).toBe(decoded.kind === 'vitals');
    if (decoded.kind === 'vitals') expect(walked(bytes)).toEqual(decoded);
  }
  for (const { bytes } of goldenRecords('0.1.0')) expect(canWalk(Buffer.from(bytes, 'base64'))).toBe(false);
  expect(canWalk(Buffer.from([FORMAT_FLAG | 3, 1]))).toBe(false);
});

test('a record that is cut short is refused, wherever it is cut', () => {
  const bytes = encodeRecord({
    kind: 'vitals',
    receivedAt: 1,
    source: { device: 'm1', bed: 'b1', encounter: 1 },
    blocks: [{ time: 1, boot: 'b', seq: 1, late: false, items: [{ mdc: 1, value: 1, quality: 0 }] }],
  });
  for (let length = 2; length < bytes.length; length++) {
    expect(() => walked(bytes.subarray(0, length)), `${length} bytes`).toThrow(RangeError);
  }
});
