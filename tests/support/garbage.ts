import { Encoder } from 'cbor-x';
import type { RejectReason } from '#contracts/mqtt/messages.ts';
import { createRandom, type Random } from '../../simulators/random.ts';

/** Payloads that no honest device sends, each with the reason the station must give. */
export type Garbage = { readonly name: string; readonly payload: Buffer; readonly reason: RejectReason };

const cbor = new Encoder({ useRecords: false });
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const repeat = (text: string, count: number): string => new Array(count).fill(text).join('');

const KINDS: readonly ((random: Random) => Garbage)[] = [
  (random) => {
    const whole = JSON.stringify({ time: '2026-11-22T10:00:00Z', vitals: { 'heart-rate': 72, spo2: 97 } });
    const payload = Buffer.from(whole.slice(0, 1 + Math.floor(random.next() * (whole.length - 2))));
    return { name: 'truncated JSON', payload, reason: 'payload-malformed' };
  },
  (random) => {
    const whole = cbor.encode({ time: 1e12, vitals: { 'heart-rate': 72, spo2: 97 } });
    const payload = whole.subarray(0, 1 + Math.floor(random.next() * (whole.length - 2)));
    return { name: 'truncated CBOR', payload: Buffer.from(payload), reason: 'payload-malformed' };
  },
  () => ({ name: 'empty', payload: Buffer.alloc(0), reason: 'payload-malformed' }),
  () => ({ name: 'NaN in JSON', payload: Buffer.from('{"vitals":{"spo2":NaN}}'), reason: 'value-invalid' }),
  () => ({ name: '1e400', payload: Buffer.from('{"vitals":{"spo2":1e400}}'), reason: 'value-invalid' }),
  () => ({ name: 'NaN in CBOR', payload: cbor.encode({ vitals: { spo2: Number.NaN } }), reason: 'value-invalid' }),
  (random) => {
    const wrong = random.pick<unknown>(['97', true, [], {}, { value: '97' }, { value: 97, extra: 1 }]);
    return { name: 'wrong type of a value', payload: json({ vitals: { spo2: wrong } }), reason: 'value-invalid' };
  },
  (random) => {
    const wrong = random.pick<unknown>([
      { vitals: 7 },
      { vitals: null },
      'text',
      42,
      null,
      true,
      {},
      { vitals: {} },
      [],
    ]);
    return { name: 'wrong shape of a message', payload: json(wrong), reason: 'payload-invalid' };
  },
  () => ({ name: '5 MB', payload: Buffer.alloc(5 * 2 ** 20, 0x20), reason: 'payload-too-large' }),
  () => ({
    name: 'deep nesting',
    payload: Buffer.from(repeat('[', 50_000) + repeat(']', 50_000)),
    reason: 'payload-malformed',
  }),
  () => ({ name: 'deep CBOR nesting', payload: Buffer.alloc(100_000, 0x81), reason: 'payload-malformed' }),
  () => ({
    name: 'invalid UTF-8',
    payload: Buffer.concat([Buffer.from('{"vitals":{"'), Buffer.from([0xff, 0xc0, 0x80]), Buffer.from('":1}}')]),
    reason: 'vital-unknown',
  }),
  (random) => {
    const key = random.pick(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']);
    return {
      name: 'prototype key',
      payload: Buffer.from(`{"vitals":{"${key}":{"value":1}}}`),
      reason: 'vital-unknown',
    };
  },
  (random) => {
    const unit = random.pick(['mm[Hg]', 'Cel', 'furlong', '', '__proto__']);
    return {
      name: 'wrong unit',
      payload: json({ vitals: { spo2: { value: 97, unit } } }),
      reason: 'unit-unconvertible',
    };
  },
  (random) => ({
    name: 'unknown vital',
    payload: json({ vitals: { [`vital-${Math.floor(random.next() * 1e6)}`]: 1 } }),
    reason: 'vital-unknown',
  }),
  () => ({ name: 'a value no body has', payload: json({ vitals: { temperature: 451 } }), reason: 'value-implausible' }),
  (random) => ({
    name: 'a time in 1970 or 2126',
    payload: json({
      time: random.pick<number | string>([0, 1, '1970-01-01T00:00:00Z', '2126-01-01T00:00:00Z', 1e20, -1e20]),
      vitals: { spo2: 97 },
    }),
    reason: 'time-implausible',
  }),
  (random) => ({
    name: 'not a time',
    payload: json({ time: random.pick(['soon', '2026-13-45T00:00:00Z', '2026-11-22', '']), vitals: { spo2: 97 } }),
    reason: 'payload-invalid',
  }),
  () => ({
    name: 'a typed array of a billion items (CBOR tag 51)',
    payload: Buffer.from('a166766974616c73a1647370 6f32d8338200 1a3b9aca00'.replaceAll(' ', ''), 'hex'),
    reason: 'value-invalid',
  }),
  (random) => ({
    name: 'a reference (CBOR tags 28, 29)',
    payload: Buffer.from(`d81c81d81d0${Math.floor(random.next() * 8)}`, 'hex'),
    reason: 'payload-invalid',
  }),
  () => ({
    name: 'an array of 10,000',
    payload: json(new Array(10_000).fill({ vitals: { spo2: 97 } })),
    reason: 'batch-too-long',
  }),
];

/** Makes as many messages as asked for, every kind in turn. */
export const makeGarbage = (count: number, seed: number): Garbage[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const make = KINDS[index % KINDS.length];
    if (!make) throw new Error('no kinds');
    return make(random);
  });
};
