import { z } from 'zod';
import { INACTIVATIONS } from '#domain/alarms/alarm.ts';

/** What people do about the alarms of a bed. */

const AlarmKind = z.string().max(100).describe('of alarm; left out: all of the bed');

/**
 * What is paused or off, and for which alarms. A request has these fields in its body to begin it, and in its query to
 * end it.
 */
export const INACTIVATION = {
  what: z.enum(INACTIVATIONS).meta({ description: 'IEC 60601-1-8, 6.8' }),
  kind: AlarmKind,
} as const;

export const NewInactivation = z.strictObject({
  what: INACTIVATION.what,
  kind: INACTIVATION.kind.nullable().default(null),
  durationMs: z.number().positive().optional(),
});

export const OxygenRecord = z.strictObject({ roomAir: z.boolean() });
