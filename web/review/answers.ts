import { z } from 'zod';
import { AgeGroupSchema } from '#domain/age-group.ts';
import { AlarmEvent } from '#domain/alarms/alarm.ts';
import { AlarmOverrides } from '#domain/alarms/settings.ts';
import { AlarmRow } from '../bed/answers.ts';

/** What the station answers, as far as the review reads it. Instants become epoch milliseconds here. */

export const PastAlarm = AlarmRow.extend({
  unit: z.string().nullable(),
  bed: z.string().nullable(),
  device: z.string().nullable(),
  encounter: z.int().nullable(),
});
export type PastAlarm = z.infer<typeof PastAlarm>;

export const PastAlarms = z.object({ alarms: z.array(PastAlarm), next: z.string().nullable() });
export type PastAlarms = z.infer<typeof PastAlarms>;

export const PastStory = PastAlarm.extend({ events: z.array(AlarmEvent) });
export type PastStory = z.infer<typeof PastStory>;

/** Of a unit and age group, or of a stay. */
export const SettingsRow = z.object({
  version: z.int().nullable(),
  ageGroup: AgeGroupSchema.nullable(),
  overrides: AlarmOverrides,
  reason: z.string().nullable(),
  author: z.string().nullable(),
  createdAt: z
    .string()
    .transform((text) => Date.parse(text))
    .nullable(),
});
export type SettingsRow = z.infer<typeof SettingsRow>;
