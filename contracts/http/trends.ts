import { z } from 'zod';
import { VITAL_IDS } from '#domain/vitals.ts';
import { Instant } from './time.ts';

/** One bucket of one vital; `time` is its start. */
export const TrendPoint = z.object({ time: Instant, min: z.number(), avg: z.number(), max: z.number() });
export type TrendPoint = z.infer<typeof TrendPoint>;

export const Trends = z
  .object({
    resolution: z.enum(['raw', '1m']).describe('from the readings themselves, or from their one-minute rollup'),
    bucketMs: z.int(),
    vitals: z
      .partialRecord(z.enum(VITAL_IDS), z.array(TrendPoint))
      .describe('by vital and time; a bucket without a reading is left out; `time` is its start'),
  })
  .meta({ id: 'Trends' });
export type Trends = z.infer<typeof Trends>;
