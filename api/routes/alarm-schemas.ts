import { z } from 'zod';
import { AgeGroupSchema } from '#domain/age-group.ts';
import { Alarm, AlarmEvent, Inactivation } from '#domain/alarms/alarm.ts';
import { CONDITION_IDS, PRIORITIES } from '#domain/alarms/conditions.ts';
import { AlarmConfig, AlarmOverrides, ConfigVersion } from '#domain/alarms/settings.ts';
import { Id } from '#domain/id.ts';

/** Alarms as the API answers them. What comes from memory is as in the live frames, times in epoch milliseconds. */

for (const [id, schema] of Object.entries({ Alarm, AlarmEvent, Inactivation, AlarmConfig, AlarmOverrides })) {
  z.globalRegistry.add(schema, { id });
}

export const AlarmId = z.string().min(1).max(200);
export const ByAlarm = z.object({ id: AlarmId });

export const ActiveAlarms = z
  .object({
    beds: z.array(z.object({ unit: Id, bed: Id, alarms: z.array(Alarm), inactivations: z.array(Inactivation) })),
    station: z.array(Alarm).describe('of the station itself'),
  })
  .meta({ id: 'ActiveAlarms' });

const Instant = z.string().nullable();

/** An alarm as it is kept: where it was, and when each step of its life was. Times are ISO 8601. */
export const AlarmRecord = z
  .object({
    id: z.string(),
    unit: z.string().nullable(),
    bed: z.string().nullable().describe('null: of the station itself'),
    device: z.string().nullable(),
    encounter: z.int().nullable(),
    kind: z.string(),
    condition: z.string().meta({ examples: [...CONDITION_IDS] }),
    vital: z.string().nullable(),
    type: z.enum(['physiological', 'technical']),
    priority: z.enum(PRIORITIES),
    state: z.enum(['active', 'latched', 'ended']),
    late: z.boolean().describe('decided afterwards from late data: it would have alarmed, and was not announced'),
    startedAt: z.string(),
    decidedAt: z.string(),
    measuredAt: Instant,
    receivedAt: Instant,
    publishedAt: Instant,
    shownAt: Instant.describe('by the first screen'),
    acknowledgedAt: Instant,
    acknowledgedBy: z.string().nullable(),
    endedAt: Instant,
    endCause: z.string().nullable(),
    value: z.number().nullable(),
    limit: z.number().nullable(),
    worst: z.number().nullable(),
    recurrences: z.int(),
    config: ConfigVersion.describe('the versions of the settings that decided it'),
  })
  .meta({ id: 'AlarmRecord' });

export const AlarmPage = z
  .object({
    alarms: z.array(AlarmRecord),
    next: z.string().nullable().describe('`before` of the next page; null when this was the last'),
  })
  .meta({ id: 'AlarmPage' });

export const AlarmHistory = AlarmRecord.extend({ events: z.array(AlarmEvent) }).meta({ id: 'AlarmHistory' });

/** What one scope, a unit's age group or a stay, has other than what lies below it. */
export const AlarmSettings = z
  .object({
    version: z.int().nullable().describe('null: nothing was ever set'),
    unit: z.string().nullable(),
    ageGroup: AgeGroupSchema.nullable(),
    encounter: z.int().nullable(),
    overrides: AlarmOverrides,
    reason: z.string().nullable(),
    author: z.string().nullable(),
    createdAt: Instant,
  })
  .meta({ id: 'AlarmSettings' });
