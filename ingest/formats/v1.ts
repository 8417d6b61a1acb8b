import type { RejectReason } from '#contracts/mqtt/messages.ts';
import type { ByteReader } from '#platform/bytes.ts';
import { readAlarmBody } from '../alarm-record.ts';
import type { Block, JournalRecord, Reading, Samples, Source } from '../record.ts';

/**
 * Records of release 0.1.0: kind, time of arrival, body. Frozen: what is written otherwise since has its reader in a
 * file of its own, and what it lacks is given here the value by which the old program went.
 */

export type ReadBody = (reader: ByteReader, receivedAt: number) => JournalRecord;

export const readSource = (reader: ByteReader): Source => {
  const device = reader.text();
  const bed = reader.text() || null;
  const encounter = reader.i32();
  return { device, bed, encounter: encounter < 0 ? null : encounter };
};

const readBlocks = <Item>(reader: ByteReader, readItem: (reader: ByteReader) => Item): Block<Item>[] => {
  const blocks: Block<Item>[] = [];
  for (let left = reader.u16(); left > 0; left--) {
    const time = reader.f64();
    const boot = reader.text();
    const seq = reader.f64();
    const late = reader.u8() === 1;
    const items: Item[] = [];
    for (let more = reader.u16(); more > 0; more--) items.push(readItem(reader));
    blocks.push({ time, boot, seq, late, items });
  }
  return blocks;
};

const readReading = (reader: ByteReader): Reading => ({ mdc: reader.u32(), value: reader.f64(), quality: reader.u8() });

const SAMPLE_BYTES = 4;

const readSamples = (reader: ByteReader): Samples => {
  const mdc = reader.u32();
  const rate = reader.f32();
  const count = reader.u32();
  // Damaged bytes may say any number; no room is made for more than there are.
  if (count * SAMPLE_BYTES > reader.left()) throw new RangeError('record is cut short');
  const samples = new Float32Array(count);
  for (let index = 0; index < count; index++) samples[index] = reader.f32();
  return { mdc, rate, samples };
};

/** The readers, by the code of the kind. */
export const BODIES_V1: Readonly<Record<number, ReadBody>> = {
  1: (reader, receivedAt) => ({
    kind: 'vitals',
    receivedAt,
    source: readSource(reader),
    blocks: readBlocks(reader, readReading),
  }),
  2: (reader, receivedAt) => ({
    kind: 'waves',
    receivedAt,
    source: readSource(reader),
    blocks: readBlocks(reader, readSamples),
  }),
  3: (reader, receivedAt) => ({
    kind: 'reject',
    receivedAt,
    topic: reader.text(),
    device: reader.text(),
    reason: reader.text() as RejectReason,
    detail: reader.text(),
    payload: reader.bytes(),
    payloadBytes: reader.u32(),
  }),
  4: (reader, receivedAt) => ({
    kind: 'device',
    receivedAt,
    device: reader.text(),
    model: reader.text() || null,
    firmware: reader.text() || null,
  }),
  5: (reader, receivedAt) => ({ kind: 'alarm', receivedAt, ...readAlarmBody(reader.bytes(), 1) }),
};
