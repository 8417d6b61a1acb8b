import { z } from 'zod';

/** What the station knows of a device without its measurements: how often it is heard, and by which clock it speaks. */

/** How many arrivals are kept of a device: ten minutes at one message a second. */
export const RHYTHM_LENGTH = 600;

const EpochMs = z.int();
const Ms = z.number();

/** Times are epoch milliseconds of the station, intervals are milliseconds. All of it is since the station started. */
export const DeviceRhythm = z
  .object({
    at: EpochMs.describe('The present, by the station'),
    interval: z.object({
      setMs: Ms.nullable().describe('On record; null: it sends continuously'),
      inForceMs: Ms.nullable().describe('By which its silence is noticed; null: it sends continuously'),
      toldMs: Ms.nullable().describe('By its newest status message; null: it told none'),
      seenMs: Ms.nullable().describe('Between its measurements; null: too few were seen'),
      proposedMs: Ms.nullable().describe('Longer than what is in force, and waiting for a person'),
    }),
    clock: z.object({
      offsetMs: Ms.nullable().describe('Station minus device, at most; null: no time was heard'),
      isSteady: z.boolean().describe('The offset has been the same for a while'),
      isProven: z.boolean().describe('The device told the same offset when it sent the time by its clock'),
    }),
    link: z.object({
      since: EpochMs.nullable().describe('When its connection began; null: it has none'),
      lostAt: EpochMs.nullable().describe('When the connection before it ended; null: there was none'),
    }),
    boot: z.string().nullable().describe('As sent with its newest vitals message; null: it names none'),
    seq: z.int().nullable().describe('As sent with its newest vitals message; null: it counts none'),
    arrivals: z.array(EpochMs).max(RHYTHM_LENGTH).describe('When its newest vitals messages arrived, the oldest first'),
    gaps: z
      .array(z.object({ at: EpochMs, missing: z.int() }))
      .describe('Arrivals before which so many messages were missing, when they arrived'),
    boots: z.array(EpochMs).describe('Arrivals with which it began anew'),
    minutes: z
      .array(
        z.object({
          at: EpochMs.describe('When the minute began'),
          count: z.int().describe('Arrivals in it'),
          longestMs: Ms.describe('The longest time between one of them and the arrival before it'),
          missing: z.int(),
          boots: z.int(),
        }),
      )
      .describe('The minutes of the last hour in which it was heard, the oldest first'),
  })
  .meta({ id: 'DeviceRhythm' });
export type DeviceRhythm = z.infer<typeof DeviceRhythm>;
