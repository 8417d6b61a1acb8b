import { CONTINUOUS_MS } from '../interval.ts';
import { type AgeGroup, VITAL_IDS, type VitalId, vital } from '../vitals.ts';
import { hasExtreme, hasZero } from './limit-kinds.ts';
import { type AlarmConfig, PRESETS, type VitalAlarmSettings } from './settings.ts';
import { validForMs } from './validity.ts';
import { ownProblems } from './vital-settings.ts';

/** Why settings make no sense (section 6 of the specification), in words for a person. */

const SECOND = 1_000;

/**
 * Whether the extreme of this side must be set. Where the age group's preset has none, the site may set one: from then
 * on it is of high priority, and cannot be switched off.
 */
export const needsExtreme = (id: VitalId, side: 'low' | 'high', ageGroup: AgeGroup): boolean =>
  hasExtreme(id, side) && PRESETS[ageGroup].vitals[id][side === 'low' ? 'extremeLow' : 'extremeHigh'] !== null;

/**
 * Vitals that could have an extreme low limit and have none, so that the site has to set one (children's arterial
 * pressures).
 */
export const unsetExtremes = ({ vitals }: AlarmConfig): readonly VitalId[] =>
  VITAL_IDS.filter((id) => hasExtreme(id, 'low') && vitals[id].extremeLow === null);

const vitalProblems = (id: VitalId, settings: VitalAlarmSettings, ageGroup: AgeGroup): string[] => {
  const { low, high, extremeLow, extremeHigh, hysteresis } = settings;
  const [min, max] = vital(id).plausible;
  const problems = ownProblems(id, settings);
  if (low !== null && high !== null && low >= high) problems.push(`${id}: low ${low} must be below high ${high}`);
  if (hasExtreme(id, 'low')) {
    if (extremeLow === null) {
      if (needsExtreme(id, 'low', ageGroup)) {
        problems.push(`${id}: extremeLow has high priority and cannot be switched off`);
      }
    } else if (low !== null && extremeLow > low)
      problems.push(`${id}: extremeLow ${extremeLow} must not be above low ${low}`);
    else if (extremeLow <= min) problems.push(`${id}: extremeLow ${extremeLow} could never be reached`);
  } else if (extremeLow !== null) problems.push(`${id}: has no condition for extremeLow`);
  if (hasExtreme(id, 'high')) {
    if (extremeHigh === null) {
      if (needsExtreme(id, 'high', ageGroup)) {
        problems.push(`${id}: extremeHigh has high priority and cannot be switched off`);
      }
    } else if (high !== null && extremeHigh < high)
      problems.push(`${id}: extremeHigh ${extremeHigh} must not be below high ${high}`);
    else if (extremeHigh >= max) problems.push(`${id}: extremeHigh ${extremeHigh} could never be reached`);
  } else if (extremeHigh !== null) problems.push(`${id}: has no condition for extremeHigh`);
  if (hasZero(id) && low !== null && low + hysteresis <= 0) {
    problems.push(
      `${id}: with low ${low} and hysteresis ${hysteresis} a value of 0 would be both an alarm and its end`,
    );
  }
  const lowest = low ?? extremeLow;
  const highest = high ?? extremeHigh;
  if (lowest !== null && highest !== null && lowest + hysteresis >= highest - hysteresis) {
    problems.push(`${id}: with hysteresis ${hysteresis} an alarm at one limit could end only past the other`);
  }
  return problems;
};

/**
 * Why the values of a device do not stay valid for as long as the settings need. `intervalMs` is the interval that the
 * engine knows; null: it knows none.
 */
export const intervalProblems = (config: AlarmConfig, intervalMs: number | null): string[] => {
  const everyMs = intervalMs ?? CONTINUOUS_MS;
  const validMs = validForMs('heart-rate', config, intervalMs);
  if (validMs >= everyMs) return [];
  return [
    `silentAfterMs.continuous: a value stands ${validMs / SECOND} s, and the next may be ${everyMs / SECOND} s away: nothing would ever last for its delay`,
  ];
};

/**
 * Extremes that a site had set and that a change would switch off, which is refused because they are of high priority.
 */
export const switchedOff = (before: AlarmConfig, after: AlarmConfig): string[] =>
  VITAL_IDS.flatMap((id) =>
    (['extremeLow', 'extremeHigh'] as const).flatMap((field) =>
      before.vitals[id][field] !== null && after.vitals[id][field] === null && hasExtreme(id, SIDE_OF[field])
        ? [`${id}: ${field} has high priority and cannot be switched off`]
        : [],
    ),
  );

const SIDE_OF = { extremeLow: 'low', extremeHigh: 'high' } as const;

/**
 * All problems of the settings, as text for a person; empty when they make sense. `intervalMs` is that of the device at
 * the bed, if it is known.
 */
export const configProblems = (config: AlarmConfig, intervalMs: number | null = null): string[] => [
  ...VITAL_IDS.flatMap((id) => vitalProblems(id, config.vitals[id], config.version.preset)),
  ...intervalProblems(config, intervalMs),
  ...(config.latching.high ? [] : ['latching.high: a high-priority alarm nobody has seen must not vanish']),
  ...(config.deviceSilentAfterMs > config.silentAfterMs.continuous
    ? ['deviceSilentAfterMs must not be longer than silentAfterMs.continuous: one lost device would alarm once a vital']
    : []),
];
