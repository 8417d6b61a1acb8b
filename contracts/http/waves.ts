import { z } from 'zod';
import { WAVE_IDS } from '#domain/waveforms.ts';
import { Instant } from './time.ts';

/** Stored samples of one signal: sample i is at `time` + i / `rate`. */
export const WaveBlock = z.object({
  signal: z.enum(WAVE_IDS),
  device: z.string(),
  time: Instant.describe('of the first sample'),
  rate: z.number().describe('samples a second'),
  samples: z.array(z.number().nullable()).describe('null is a missing sample'),
});
export type WaveBlock = z.infer<typeof WaveBlock>;

export const WavesPage = z
  .object({
    blocks: z.array(WaveBlock),
    next: Instant.nullable().describe('`from` of the next page; null when this was the last'),
  })
  .meta({ id: 'WavesPage' });
export type WavesPage = z.infer<typeof WavesPage>;
