import { MAX_STANDS_MS, SILENT_AFTER_INTERVALS } from '../interval.ts';
import { VITAL_IDS, type VitalId, vital } from '../vitals.ts';
import type { AlarmConfig } from './settings.ts';

/**
 * How long a value stays valid, and how long a device may be silent, given how often it sends. Screens and engine use
 * the same rule.
 */

/** The time of a setting, made longer for a device that sends every `intervalMs`; null: the interval is unknown. */
export const followed = (settingMs: number, intervalMs: number | null): number =>
  intervalMs === null ? settingMs : Math.max(settingMs, Math.min(SILENT_AFTER_INTERVALS * intervalMs, MAX_STANDS_MS));

/** Whether the vital at this place of the catalogue is measured continuously. */
export const IS_CONTINUOUS = VITAL_IDS.map((id) => vital(id).measured === 'continuous');

export const validForMs = (
  id: VitalId,
  { silentAfterMs }: Pick<AlarmConfig, 'silentAfterMs'>,
  intervalMs: number | null,
): number => followed(silentAfterMs[vital(id).measured], intervalMs);

export const deviceSilentAfterMs = (
  config: Pick<AlarmConfig, 'deviceSilentAfterMs'>,
  intervalMs: number | null,
): number => followed(config.deviceSilentAfterMs, intervalMs);
