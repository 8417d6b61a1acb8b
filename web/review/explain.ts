import type { AlarmSettings } from '#contracts/http/alarm-settings.ts';
import type { KnownAlarm } from '#contracts/http/alarms.ts';
import { LIMIT_KINDS, type LimitKind } from '#domain/alarms/conditions.ts';
import { type AlarmConfig, resolveConfig } from '#domain/alarms/settings.ts';
import { vital } from '#domain/vitals.ts';

/** What made an alarm, worked out from its record and the settings that it names. */

const limitKinds = new Map<string, LimitKind>(
  LIMIT_KINDS.flatMap(({ low, high }) => [low, high]).map((kind) => [kind.id, kind]),
);

/** The rows that the alarm names; undefined where it names none, or the row is not at hand. */
export type Named = { readonly unit: AlarmSettings | undefined; readonly stay: AlarmSettings | undefined };

export const namedSettings = (
  { config }: Pick<KnownAlarm, 'config'>,
  ofUnit: readonly AlarmSettings[],
  ofStay: readonly AlarmSettings[],
): Named => ({
  unit: config.unit === null ? undefined : ofUnit.find(({ version }) => version === config.unit),
  stay: config.patient === null ? undefined : ofStay.find(({ version }) => version === config.patient),
});

const layer = (row: AlarmSettings | undefined) => row && { version: row.version ?? 0, overrides: row.overrides };

/** The settings that decided it; undefined when one that it names is not at hand. */
export const configOf = ({ config }: Pick<KnownAlarm, 'config'>, { unit, stay }: Named): AlarmConfig | undefined => {
  if ((config.unit !== null && !unit) || (config.patient !== null && !stay)) return undefined;
  return resolveConfig(config.preset, layer(unit), layer(stay));
};

const OWN_DELAYS: Readonly<Partial<Record<KnownAlarm['condition'], keyof AlarmConfig>>> = {
  asystole: 'asystoleDelayMs',
  apnoea: 'apnoeaDelayMs',
  'sensor-off': 'sensorOffDelayMs',
  'signal-poor': 'signalPoorDelayMs',
  'device-silent': 'deviceSilentAfterMs',
  'device-offline': 'deviceOfflineDelayMs',
  'gateway-lost': 'deviceOfflineDelayMs',
  'sequence-gap': 'gapDelayMs',
  'values-frozen': 'frozenAfterMs',
  'no-pulse': 'noPulseDelayMs',
  'database-away': 'databaseAwayDelayMs',
};

/** How long it had to last, by the settings. */
export const delayOf = ({ kind, condition, vital: id }: KnownAlarm, config: AlarmConfig): number => {
  if (condition === 'no-data' && id) return config.silentAfterMs[vital(id).measured];
  const own = OWN_DELAYS[condition];
  if (own) return Number(config[own] ?? 0);
  // A sum has no delay: what it sums up has lasted.
  if (!id || condition === 'desaturation-burden') return 0;
  const level = limitKinds.get(kind)?.levels.find((each) => each.condition === condition);
  const { delayMs, extremeDelayMs } = config.vitals[id];
  return level?.trigger === 'extreme' ? extremeDelayMs : delayMs;
};

/** How far past its threshold the reading was, and the farthest since; null without a threshold. */
export const pastOf = ({ value, worst, limit }: KnownAlarm): { readonly at: number; readonly worst: number } | null =>
  value === null || limit === null ? null : { at: Math.abs(value - limit), worst: Math.abs((worst ?? value) - limit) };

/** Up to a moment of the way from the sensor to the screen; `ms` since the one before, less than 0 by a clock that is off. */
export type Stage = {
  readonly name: 'measured' | 'received' | 'decided' | 'published' | 'shown';
  readonly at: number;
  readonly ms: number;
};

/** Stages without a stamp are left out. A decision by the station's own time has no time of measurement. */
export const stagesOf = (alarm: KnownAlarm): readonly Stage[] => {
  const { measuredAt, receivedAt, decidedAt, publishedAt, shownAt } = alarm;
  const points = [
    ['measured', measuredAt],
    ['received', receivedAt],
    // A reading that stood too long is decided later; one whose row began earlier, at its arrival.
    ['decided', Math.max(decidedAt, receivedAt ?? decidedAt)],
    ['published', publishedAt],
    ['shown', shownAt],
  ] as const;
  const stamped = points.flatMap(([name, at]) => (at === null ? [] : [{ name, at }]));
  return stamped.map((point, place) => ({ ...point, ms: place === 0 ? 0 : point.at - (stamped[place - 1]?.at ?? 0) }));
};
