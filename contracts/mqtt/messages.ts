import { z } from 'zod';
import { readTime } from '#domain/measurement-time.ts';
import { Quality } from '#domain/quality.ts';

/**
 * What a bedside device should publish, as JSON or as CBOR of the same shape. The station reads measurements entry by
 * entry, in plain loops (`ingest/decode.ts`): it accepts all of this, and more where the meaning is clear.
 */

/** ISO 8601 with a zone, or epoch milliseconds. */
export const MeasurementTime = z
  .union([z.string(), z.number()])
  .refine((time) => typeof readTime(time) === 'number', 'ISO 8601 with a zone, or epoch milliseconds');

const Sequence = z.int().nonnegative();
/** One line of text without control characters, because PostgreSQL's text cannot hold all of those. */
export const text = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^\P{Cc}*$/u, 'no control characters');
const Boot = text(64).min(1);

const PlainObject = z.custom<Record<string, unknown>>(
  // CBOR also has byte strings, sets and dates, which are objects too; a long byte string has a million keys.
  (value) => typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype,
  'expected an object',
);

/** One entry of `vitals`: a number, `null` (sensor present, no value), or a number with its unit and quality. */
export const VitalInput = z.union([
  z.number(),
  z.null(),
  z.strictObject({
    value: z.number().nullable(),
    unit: text(32).optional(),
    quality: Quality.optional(),
  }),
]);
export type VitalInput = z.infer<typeof VitalInput>;

/** What every message of a channel that counts its messages may have. */
export const envelope = {
  time: MeasurementTime.optional(),
  /**
   * When the message was handed to the connection, by the same clock as `time`: with it the station can tell a clock
   * that is behind from a delay.
   */
  sent: MeasurementTime.optional(),
  boot: Boot.optional(),
  seq: Sequence.optional(),
};

/** A vitals message. Each entry is a `VitalInput`; its key is an id or a code of the catalogue. */
export const VitalsMessage = z.object({ ...envelope, vitals: PlainObject });
export type VitalsMessage = z.infer<typeof VitalsMessage>;

/** Samples are evenly spaced from `time` on; `null` is a missing sample. At most 60 s at 1 kHz in a block. */
export const WaveInput = z.strictObject({
  rate: z.number().min(0.01).max(10_000),
  unit: text(32).optional(),
  samples: z.array(z.number().nullable()).min(1).max(60_000),
});
export type WaveInput = z.infer<typeof WaveInput>;

export const WavesMessage = z.object({ ...envelope, waves: PlainObject });
export type WavesMessage = z.infer<typeof WavesMessage>;

/**
 * Sent as a retained message, and registered as the Will, which has no `time`. `time` is when the message is sent, by
 * the device's clock. Each field is read by itself: only a bad `state` spoils the others.
 */
export const StatusMessage = z.object({
  state: z.enum(['online', 'offline']),
  time: MeasurementTime.optional(),
  battery: z.number().min(0).max(100).optional(),
  model: text(128).optional(),
  firmware: text(128).optional(),
  /** The seconds between the device's vitals messages, as the device is set. */
  interval: z.number().positive().max(86_400).optional(),
});
export type StatusMessage = z.infer<typeof StatusMessage>;

/**
 * Why a message, or one entry of it, was refused. The reason is kept with what was refused, is counted, and stays the
 * same for programs.
 */
export const REJECT_REASONS = [
  'topic-invalid',
  'topic-not-yours',
  'payload-too-large',
  'payload-malformed',
  'payload-invalid',
  /** The station died while it handled this message, and would die again if it tried to decode it once more. */
  'payload-set-aside',
  'batch-too-long',
  'time-implausible',
  /** Kept without a bed: the message has no time, and may have been sent long before it arrived. */
  'time-unknown',
  /**
   * Kept without a bed: within the time in which it may have been measured, the device was moved or the patient
   * changed.
   */
  'owner-unknown',
  'vital-unknown',
  'wave-unknown',
  'unit-unconvertible',
  'value-invalid',
  'value-implausible',
  /** Without a unit the value could be in another: 0.97 is no saturation in percent. */
  'value-ambiguous',
  /** An entry of an alarm of the monitor. */
  'alarm-invalid',
  /** The message has one vital or waveform twice, under one code or two, and the two differ. */
  'entry-twice',
  /**
   * The database refused what passed every check before it. This is a fault of the station, so the data is kept and
   * nothing is lost.
   */
  'storage-refused',
] as const;

export type RejectReason = (typeof REJECT_REASONS)[number];
