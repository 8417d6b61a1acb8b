import { z } from 'zod';
import { AgeGroupSchema } from '#domain/age-group.ts';
import { AlarmConfig, AlarmOverrides } from '#domain/alarms/settings.ts';
import { Instant } from './time.ts';

/** The settings in which one scope, a unit's age group or a stay, differs from the layer below it. */
export const AlarmSettings = z
  .object({
    version: z.int().nullable().describe('null: nothing was ever set'),
    unit: z.string().nullable(),
    ageGroup: AgeGroupSchema.nullable(),
    encounter: z.int().nullable(),
    overrides: AlarmOverrides,
    reason: z.string().nullable(),
    author: z.string().nullable(),
    createdAt: Instant.nullable(),
  })
  .meta({ id: 'AlarmSettings' });
export type AlarmSettings = z.infer<typeof AlarmSettings>;

/** A change of settings, which makes a new version. */
export const SettingsChange = z.strictObject({
  overrides: AlarmOverrides.describe('all of them: what is left out is as the layer below has it'),
  reason: z.string().trim().min(1).max(500),
});
export type SettingsChange = z.infer<typeof SettingsChange>;

/**
 * How the settings at a bed changed with the last update of the station that brought other presets; null: no update
 * did.
 */
export const PresetChange = z.object({ at: Instant, from: AlarmConfig, to: AlarmConfig }).nullable();
export type PresetChange = z.infer<typeof PresetChange>;

export const Presets = z.record(AgeGroupSchema, AlarmConfig);
