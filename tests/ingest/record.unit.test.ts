import fc from 'fast-check';
import { expect, test } from 'vitest';
import { REJECT_REASONS } from '#domain/messages.ts';
import { decodeRecord, encodeRecord, type JournalRecord } from '../../ingest/record.ts';

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

const record: fc.Arbitrary<JournalRecord> = fc.oneof(
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
