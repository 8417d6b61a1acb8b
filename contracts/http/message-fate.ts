import { z } from 'zod';
import { Id } from '#domain/id.ts';
import { Quality } from '#domain/quality.ts';
import { VITAL_IDS, type VitalId } from '#domain/vitals.ts';
import { WAVE_IDS, type WaveId } from '#domain/waveforms.ts';
import { REJECT_REASONS } from '../mqtt/messages.ts';
import { CHANNELS } from '../mqtt/topics.ts';

/**
 * What became of one message of a device, for the person who sets that device up. The values are data of a patient: only
 * an operator is told them, and nobody keeps them.
 */

/** How many entries of a message are told one by one; all are counted. */
export const FATE_ENTRIES = 64;

const EpochMs = z.number();

/** A vital as it is stored, in the unit of the catalogue. `quality` is left out when it is good. */
export const TakenVital = z.object({
  id: z.enum(VITAL_IDS as [VitalId, ...VitalId[]]),
  value: z.number().nullable(),
  unit: z.string(),
  quality: Quality.optional(),
});
export type TakenVital = z.infer<typeof TakenVital>;

export const TakenWave = z.object({
  id: z.enum(WAVE_IDS as [WaveId, ...WaveId[]]),
  rate: z.number(),
  samples: z.int(),
  unit: z.string(),
});
export type TakenWave = z.infer<typeof TakenWave>;

export const MessageFate = z.object({
  at: EpochMs.describe('When it arrived'),
  topic: z.string(),
  channel: z.enum(CHANNELS).nullable().describe('null: the device may not publish there'),
  qos: z.int().min(0).max(2).nullable().describe('null: the door that it came through does not tell'),
  bytes: z.int(),
  isRepeat: z.boolean().describe('Retained, or sent again'),
  isStored: z.boolean().describe('False: there was no room, it was not acknowledged and will come again'),
  bed: Id.nullable().describe('The bed that it is stored for; null: for none'),
  boot: z.string().nullable(),
  seq: z.int().nullable(),
  time: EpochMs.nullable().describe('When the newest of it was measured, as it is stored'),
  messages: z.int().describe('How many it held: more than one when the device kept some'),
  taken: z.int().describe('Entries that were taken'),
  late: z.int().describe('Of these, measured too long ago to be shown'),
  vitals: z.array(TakenVital),
  waves: z.array(TakenWave),
  status: z
    .object({
      state: z.enum(['online', 'offline']),
      battery: z.number().optional(),
      model: z.string().optional(),
      firmware: z.string().optional(),
      interval: z.number().optional().describe('Seconds'),
    })
    .nullable(),
  refused: z.int().describe('Entries, fields or messages that were refused'),
  faults: z.array(z.object({ reason: z.enum(REJECT_REASONS), detail: z.string() })),
});
export type MessageFate = z.infer<typeof MessageFate>;

/** What a stream of fates says. `skipped`: so many were left out because they were not read as fast as they came. */
export const FateEvent = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('message'), fate: MessageFate }),
    z.object({ type: z.literal('skipped'), count: z.int().positive() }),
  ])
  .meta({ id: 'FateEvent' });
export type FateEvent = z.infer<typeof FateEvent>;
