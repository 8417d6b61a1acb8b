import { hasExtreme } from '#domain/alarms/conditions.ts';
import { VitalAlarmSettings } from '#domain/alarms/settings.ts';
import { needsExtreme } from '#domain/alarms/settings-problems.ts';
import { type AgeGroup, type VitalId, vital } from '#domain/vitals.ts';
import type { Voice } from '../../shell/text/language.ts';
import { partsText } from '../text/language.ts';

/** What is wrong with limits as they were typed: the same that the station checks, field by field and in words. */

export const FIELDS = ['extremeLow', 'low', 'high', 'extremeHigh', 'delayMs'] as const;
export type Field = (typeof FIELDS)[number];

const SIDES: Readonly<Record<'extremeLow' | 'extremeHigh', 'low' | 'high'>> = {
  extremeLow: 'low',
  extremeHigh: 'high',
};

/** Whether a vital has the field at all. */
export const hasField = (id: VitalId, field: Field): boolean =>
  field === 'extremeLow' || field === 'extremeHigh' ? hasExtreme(id, SIDES[field]) : true;

/** What is wrong with a field; `min` and `max` where they are what is wrong. */
export type Fault = {
  readonly field: Field;
  readonly kind:
    | 'number'
    | 'implausible'
    | 'order'
    | 'extremeNeeded'
    | 'extremeLow'
    | 'extremeHigh'
    | 'extremeUnknown'
    | 'hysteresis'
    | 'delay';
};

export const MAX_DELAY_MS = VitalAlarmSettings.shape.delayMs.maxValue ?? 30_000;

type Values = Readonly<Record<Field, number | null | undefined>> & Pick<VitalAlarmSettings, 'hysteresis'>;

const isNumber = (value: number | null | undefined): value is number => typeof value === 'number';

const extremeFault = (
  id: VitalId,
  field: 'extremeLow' | 'extremeHigh',
  values: Values,
  ageGroup: AgeGroup,
): Fault | undefined => {
  const value = values[field];
  if (value === undefined) return undefined;
  if (!hasField(id, field)) return value === null ? undefined : { field, kind: 'extremeUnknown' };
  const side = SIDES[field];
  if (value === null) return needsExtreme(id, side, ageGroup) ? { field, kind: 'extremeNeeded' } : undefined;
  const limit = values[side];
  const [min, max] = vital(id).plausible;
  if (isNumber(limit) && (side === 'low' ? value > limit : value < limit)) return { field, kind: field };
  const isOutOfReach = side === 'low' ? value <= min : value >= max;
  return isOutOfReach ? { field, kind: 'implausible' } : undefined;
};

/** The same that the station checks (`configProblems`), told by field. */
export const faultsOf = (id: VitalId, values: Values, ageGroup: AgeGroup): readonly Fault[] => {
  const [min, max] = vital(id).plausible;
  const faults: (Fault | undefined)[] = FIELDS.map((field) => {
    const value = values[field];
    if (value === undefined) return { field, kind: 'number' };
    if (field === 'delayMs') {
      return isNumber(value) && value >= 0 && value <= MAX_DELAY_MS ? undefined : { field, kind: 'delay' };
    }
    return isNumber(value) && (value < min || value > max) ? { field, kind: 'implausible' } : undefined;
  });
  const { low, high } = values;
  const isTurned = isNumber(low) && isNumber(high) && low >= high;
  if (isTurned) faults.push({ field: 'low', kind: 'order' });
  faults.push(extremeFault(id, 'extremeLow', values, ageGroup), extremeFault(id, 'extremeHigh', values, ageGroup));
  const lowest = low ?? values.extremeLow;
  const highest = high ?? values.extremeHigh;
  if (!isTurned && isNumber(lowest) && isNumber(highest) && lowest + values.hysteresis >= highest - values.hysteresis) {
    faults.push({ field: 'high', kind: 'hysteresis' });
  }
  return faults.filter((fault) => fault !== undefined);
};

export const faultText = ({ kind, field }: Fault, id: VitalId, voice: Voice): string => {
  const { limitFaults } = partsText(voice.language);
  const [min, max] = vital(id).plausible;
  if (kind === 'implausible') return limitFaults.implausible(voice.number(min, 0), voice.number(max, 0));
  if (kind === 'delay' || (kind === 'number' && field === 'delayMs')) {
    return limitFaults.delay(voice.number(MAX_DELAY_MS / 1_000, 0));
  }
  return limitFaults[kind];
};
