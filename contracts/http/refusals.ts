import { z } from 'zod';

/**
 * What the station refused a peer over MQTT, and why. Refusals are kept by device, for the person who wonders why a
 * device does not appear.
 */

export const REFUSAL_REASONS = [
  'bad-credentials',
  'client-id',
  'protocol-version',
  'bad-packet',
  'packet-too-large',
  'no-connect',
  'too-many-connections',
  'too-many-connections-of-one',
  'take-over',
  'topic-of-another',
  'topic-not-listed',
  'topic-reserved',
  'subscription',
  'too-many-subscriptions',
  'not-a-device',
  'too-much-unacknowledged',
  'not-reading',
  'silent',
  'credentials-changed',
] as const;

export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** The longest user name and detail that are kept: an unknown peer chooses both. */
export const REFUSAL_TEXT_LENGTH = 200;

/** Refusals for the same reason from the same address are one entry with a count. Times are epoch milliseconds. */
export const Refusal = z
  .object({
    reason: z.enum(REFUSAL_REASONS),
    name: z.string().max(REFUSAL_TEXT_LENGTH).describe('The user name it gave; empty when it gave none'),
    address: z.string().describe('Where it came from'),
    detail: z.string().describe('Of the last one, for people, in English'),
    count: z.int().positive(),
    firstAt: z.int(),
    lastAt: z.int(),
  })
  .meta({ id: 'Refusal' });
export type Refusal = z.infer<typeof Refusal>;
