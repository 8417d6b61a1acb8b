import { z } from 'zod';
import { Instant } from './time.ts';

/** A message or an entry that was refused and kept aside. */
export const Rejected = z
  .object({
    receivedAt: Instant,
    topic: z.string(),
    device: z.string().nullable(),
    reason: z.string(),
    detail: z.string(),
    payload: z.string().describe('its first bytes, base64'),
    payloadBytes: z.int(),
  })
  .meta({ id: 'Rejected' });
export type Rejected = z.infer<typeof Rejected>;
