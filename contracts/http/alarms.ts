import { z } from 'zod';
import { Alarm, AlarmEvent } from '#domain/alarms/alarm.ts';
import { CONDITION_IDS, PRIORITIES } from '#domain/alarms/conditions.ts';
import { ConfigVersion } from '#domain/alarms/settings.ts';
import { VITAL_IDS } from '#domain/vitals.ts';
import { Instant } from './time.ts';

export const AlarmId = z.string().min(1).max(200);

/** An alarm as it is stored: where it was, and when each step of its life was. */
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
    startedAt: Instant,
    decidedAt: Instant,
    measuredAt: Instant.nullable(),
    receivedAt: Instant.nullable(),
    publishedAt: Instant.nullable(),
    shownAt: Instant.nullable().describe('by the first screen'),
    acknowledgedAt: Instant.nullable(),
    acknowledgedBy: z.string().nullable(),
    endedAt: Instant.nullable(),
    endCause: z.string().nullable(),
    value: z.number().nullable(),
    limit: z.number().nullable(),
    worst: z.number().nullable(),
    also: Alarm.shape.also.describe(
      'the other vitals of the same measurement, as they were when it last changed; left out where there are none',
    ),
    gateway: Alarm.shape.gateway.describe('the gateway that is lost'),
    beds: Alarm.shape.beds.describe('how many beds cannot be heard for it, the last that was told'),
    recurrences: z.int(),
    config: ConfigVersion.describe('the versions of the settings that decided it'),
  })
  .meta({ id: 'AlarmRecord' });
export type AlarmRecord = z.infer<typeof AlarmRecord>;

const NEXT = z.string().nullable().describe('`before` of the next page; null when this was the last');

export const AlarmPage = z.object({ alarms: z.array(AlarmRecord), next: NEXT }).meta({ id: 'AlarmPage' });
export type AlarmPage = z.infer<typeof AlarmPage>;

export const AlarmHistory = AlarmRecord.extend({ events: z.array(AlarmEvent) }).meta({ id: 'AlarmHistory' });
export type AlarmHistory = z.infer<typeof AlarmHistory>;

/**
 * An alarm record for a reader that has to name the condition and the vital. The record may come from a newer program,
 * with a condition or a vital that this one cannot name: the API passes it on, and a page refuses it.
 */
export const KnownAlarm = AlarmRecord.extend({
  condition: z.enum(CONDITION_IDS),
  vital: z.enum(VITAL_IDS).nullable(),
});
export type KnownAlarm = z.infer<typeof KnownAlarm>;

export const KnownAlarmPage = AlarmPage.extend({ alarms: z.array(KnownAlarm) });

export const KnownAlarmHistory = KnownAlarm.extend({ events: z.array(AlarmEvent) });
export type KnownAlarmHistory = z.infer<typeof KnownAlarmHistory>;
