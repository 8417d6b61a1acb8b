import type { Burden, BurdenRow, TopShare, UnitBurden } from '#contracts/http/review.ts';
import { PRIORITIES, type Priority } from '#domain/alarms/conditions.ts';
import { FLOOD } from './floods.ts';

/** Who makes most of the alarms, and how that compares with what others found bearable. */

const TENTH = 0.1;

/** What alarmed: a vital and what was wrong with it, or the condition of a device. */
export const causeOf = ({ kind, condition }: Pick<BurdenRow, 'kind' | 'condition'>): string => {
  const vital = /^(.+)-(low|high|signal)$/.exec(kind)?.[1];
  return vital === undefined ? condition : `${vital} ${condition}`;
};

const percent = (share: number): string => `${Math.round(1_000 * share) / 10} %`;

/** The first tenth, at least one, of `of` things by alarms; of those that rang when it is left out. */
export const topShare = <Row extends { readonly alarms: number }>(
  rows: readonly Row[],
  nameOf: (row: Row) => string,
  of?: number,
): TopShare => {
  const counts = new Map<string, number>();
  let total = 0;
  for (const row of rows) {
    if (row.alarms === 0) continue;
    counts.set(nameOf(row), (counts.get(nameOf(row)) ?? 0) + row.alarms);
    total += row.alarms;
  }
  const things = Math.max(of ?? 0, counts.size);
  const top = [...counts]
    .sort(([oneName, one], [otherName, other]) => other - one || (oneName < otherName ? -1 : 1))
    .slice(0, Math.ceil(things * TENTH))
    .map(([name, alarms]) => ({ name, alarms, share: alarms / total }));
  const inTop = top.reduce((sum, { alarms }) => sum + alarms, 0);
  return { of: things, top, share: total === 0 ? null : inTop / total };
};

/** These figures are unconfirmed [?]. */
const SPLIT: Readonly<Record<Priority, number>> = { low: 0.8, medium: 0.15, high: 0.05 };

const PROCESS = 'EEMUA 191 / IEC 62682, for one operator of a process plant';

export const benchmarksOf = ({
  units,
  byPriority,
  alarms,
  announcementsPerBedDay,
}: {
  units: readonly UnitBurden[];
  byPriority: Burden['total']['byPriority'];
  alarms: number;
  announcementsPerBedDay: number | null;
}): Burden['benchmarks'] => [
  ...units.flatMap(({ unit, alarmsPerHour, load, peakIn10min, floodShare }) => [
    {
      name: `${unit}: alarms an hour`,
      measured: `${alarmsPerHour} (${load})`,
      target: 'acceptable up to 6, manageable up to 12, overloaded from 30',
      source: PROCESS,
    },
    {
      name: `${unit}: most in 10 min`,
      measured: String(peakIn10min),
      target: 'fewer than 10, also after an upset',
      source: PROCESS,
    },
    {
      name: `${unit}: time in flood`,
      measured: percent(floodShare),
      target: `none; a flood is more than ${FLOOD.beginsAbove} in 10 min until fewer than ${FLOOD.endsBelow} [?]`,
      source: PROCESS,
    },
  ]),
  ...PRIORITIES.map((priority) => ({
    name: `share of ${priority} priority`,
    measured: alarms === 0 ? 'none' : percent(byPriority[priority] / alarms),
    target: `about ${percent(SPLIT[priority])} [?]`,
    source: PROCESS,
  })),
  {
    name: 'announcements a monitored bed and day',
    measured: announcementsPerBedDay === null ? 'none' : String(announcementsPerBedDay),
    target: 'none; 187 audible ones were counted in five adult ICUs',
    source: 'Drew 2014',
  },
];
