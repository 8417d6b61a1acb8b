import { z } from 'zod';
import { readTime } from '#domain/measurement-time.ts';
import { Quality } from '#domain/quality.ts';

/**
 * What a bedside device is to publish. JSON, or CBOR of the same shape. The station reads measurements entry by entry, in plain
 * loops (`ingest/decode.ts`): it takes all of this, and more where there is no doubt what was meant.
 */

/** ISO 8601 with a zone, or epoch milliseconds. */
export const MeasurementTime = z
  .union([z.string(), z.number()])
  .refine((time) => typeof readTime(time) === 'number', 'ISO 8601 with a zone, or epoch milliseconds');

const Sequence = z.int().nonnegative();
/** One line: no control characters, which PostgreSQL's text could not all hold. */
const text = (max: number) =>
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

const envelope = {
  time: MeasurementTime.optional(),
  /** By the same clock, when it was handed to the connection: with it the station can tell a clock that is behind from a delay. */
  sent: MeasurementTime.optional(),
  boot: Boot.optional(),
  seq: Sequence.optional(),
};

/** A vitals message. Each entry is a `VitalInput`; its key is of the catalogue. */
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
 * Sent retained, and registered as the Will, which has no `time`. `time`: by the device's clock, when it is sent. Each field is
 * read by itself: a bad one costs only itself, but for `state`.
 */
export const StatusMessage = z.object({
  state: z.enum(['online', 'offline']),
  time: MeasurementTime.optional(),
  battery: z.number().min(0).max(100).optional(),
  model: text(128).optional(),
  firmware: text(128).optional(),
  /** Seconds between its vitals messages, as it is set. */
  interval: z.number().positive().max(86_400).optional(),
});
export type StatusMessage = z.infer<typeof StatusMessage>;

/** Why a message, or one entry of it, was refused. Kept with it, counted by it, and stable for machines. */
export const REJECT_REASONS = [
  'topic-invalid',
  'topic-not-yours',
  'payload-too-large',
  'payload-malformed',
  'payload-invalid',
  /** The station died with it in hand and cannot decode it: tried again it would die again. */
  'payload-set-aside',
  'batch-too-long',
  'time-implausible',
  /** Kept without a bed: it has no time, and may have been sent long before it arrived. */
  'time-unknown',
  /** Kept without a bed: at the time at which it may have been measured the device was moved, or the patient changed. */
  'owner-unknown',
  'vital-unknown',
  'wave-unknown',
  'unit-unconvertible',
  'value-invalid',
  'value-implausible',
  /** Without a unit it could be another: 0.97 is no saturation in percent. */
  'value-ambiguous',
  /** One vital or waveform twice in a message, under two codes or one, and not the same. */
  'entry-twice',
  /** The database refused what every check before it let pass: a fault of ours, kept so that nothing is lost. */
  'storage-refused',
] as const;

export type RejectReason = (typeof REJECT_REASONS)[number];
