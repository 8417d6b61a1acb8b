import { type Onsets, readingKey } from '../load/onsets.ts';
import type { Excursion } from '../load/publish.ts';

/** The alarms that are to be heard, by bed and time, of readings measured in that time. */
export const dueBetween = (
  excursions: readonly Excursion[],
  bedIds: readonly string[],
  fromMs: number,
  untilMs: number,
): string[] =>
  excursions
    .filter(({ time }) => time >= fromMs && time < untilMs)
    .map(({ bed, time }) => readingKey(bedIds[bed] ?? '', time));

/** What is wrong with what was heard of alarms that each of so many listeners, at least, is to hear once. */
export const faultsOf = (due: readonly string[], { heard }: Pick<Onsets, 'heard'>, listeners: number): string[] => {
  const wanted = new Set(due);
  const counts = due.map((key) => heard[key] ?? { listeners: 0, times: 0 });
  const faults = {
    LOST: counts.reduce((sum, count) => sum + Math.max(0, listeners - count.listeners), 0),
    DOUBLED: counts.reduce((sum, count) => sum + count.times - count.listeners, 0),
    'OF NO READING': Object.keys(heard).filter((key) => !wanted.has(key)).length,
  };
  return Object.entries(faults).flatMap(([fault, count]) => (count === 0 ? [] : [`${count} ${fault}`]));
};
