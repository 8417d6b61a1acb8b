import type { KnownAlarm } from '#contracts/http/alarms.ts';
import { type VitalId, vital } from '#domain/vitals.ts';
import { unitText } from '../parts/display.ts';
import type { Voice } from '../shell/text/language.ts';
import type { ReviewText } from './text/en.ts';

/** A figure of a vital with its unit, as a person reads it. */
export const quantity = (value: number, id: VitalId | null, { number, text }: Voice): string => {
  if (id === null) return number(value, 0);
  return `${number(value, vital(id).decimals)} ${unitText(id, text)}`;
};

/** When an alarm would have been that was decided afterwards from late data. */
export const lateText = (
  { decidedAt, endedAt }: Pick<KnownAlarm, 'decidedAt' | 'endedAt'>,
  text: ReviewText,
  { minuteOfDay }: Voice,
): string => (endedAt === null ? text.wouldHave : text.wouldHaveAt(minuteOfDay(decidedAt), minuteOfDay(endedAt)));
