import { type AlarmConfig, PRESETS } from '#domain/alarms/settings.ts';
import { type AgeGroup, VITAL_IDS } from '#domain/vitals.ts';

const OLD_HYSTERESIS = 2;

/** The presets of release 0.1.0, with what it did not know of yet as it behaved. */
export const rules1 = (age: AgeGroup): AlarmConfig => {
  const preset = PRESETS[age];
  const vitals = Object.fromEntries(
    VITAL_IDS.map((id) => {
      const own = preset.vitals[id];
      const isRate = id === 'heart-rate' || id === 'pulse-rate';
      const isPressure = id === 'abp-systolic' || id === 'abp-mean';
      const extremeDelayMs = id === 'spo2' ? own.extremeDelayMs : 0;
      return [
        id,
        {
          ...own,
          extremeLow: isPressure ? null : own.extremeLow,
          extremeDelayMs,
          extremeLowDelayMs: null,
          extremeReadings: 1,
          hysteresis: isRate ? OLD_HYSTERESIS : own.hysteresis,
          lowBurden: null,
        },
      ];
    }),
  ) as AlarmConfig['vitals'];
  return { ...preset, rules: 1, vitals, zeroReadings: 1, highSpo2NeedsOxygen: false, frozenAfterMs: null };
};
