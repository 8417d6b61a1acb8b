import { z } from 'zod';
import { CHANNELS } from '../mqtt/topics.ts';
import { Instant } from './time.ts';

/** A run of messages that did not arrive. */
export const Gap = z
  .object({
    device: z.string(),
    channel: z.string().meta({ examples: [...CHANNELS] }),
    boot: z.string(),
    fromSeq: z.int(),
    toSeq: z.int(),
    missing: z.int().describe('how many of them are still missing'),
    openedAt: Instant,
    closedAt: Instant.nullable(),
  })
  .meta({ id: 'Gap' });
export type Gap = z.infer<typeof Gap>;
