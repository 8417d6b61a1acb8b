import { describe, expect, it } from 'vitest';
import type { BurdenRow } from '#contracts/http/review.ts';
import { benchmarksOf } from '../../../review/concentration.ts';
import { BENCHMARKS, byDay, most, responses } from '../../../web/review/sums.ts';

const row = (bed: string, day: string, priority: BurdenRow['priority'], alarms: number): BurdenRow => ({
  unit: 'icu',
  bed,
  day,
  priority,
  condition: 'high-limit',
  kind: 'heart-rate-high',
  alarms,
  announcements: 0,
  totalMs: 0,
  medianMs: null,
  under15s: null,
  unacknowledgedOver60s: 0,
  repeatsWithin5min: 0,
  chattering: 0,
  standingOver24h: 0,
  late: 0,
});

const rows = [row('b1', '2026-01-01', 'high', 2), row('b2', '2026-01-03', 'low', 5), row('b1', '2026-01-03', 'low', 4)];

it('a day without alarms stands between those with some', () => {
  const days = byDay({ from: '2026-01-01T22:00:00Z', to: '2026-01-04T00:00:00Z', rows });
  expect(days).toEqual([
    { day: '2026-01-01', counts: { low: 0, medium: 0, high: 2 } },
    { day: '2026-01-02', counts: { low: 0, medium: 0, high: 0 } },
    { day: '2026-01-03', counts: { low: 9, medium: 0, high: 0 } },
  ]);
});

it('the beds with the most alarms come first, all their days together', () => {
  const groups = most(rows, ({ bed }) => bed ?? '', 1);
  expect(groups.map(({ row: { bed }, alarms }) => [bed, alarms])).toEqual([['b1', 6]]);
});

describe('response times', () => {
  const alarm = (acknowledgedAt: number | null, endedAt: number | null, late = false) => ({
    decidedAt: 0,
    acknowledgedAt,
    endedAt,
    late,
  });

  it('are counted by how long they took, and those that ended without anybody apart', () => {
    const alarms = [
      alarm(15_000, null),
      alarm(15_001, 20_000),
      alarm(3_600_000, null),
      alarm(null, 5),
      alarm(null, null),
    ];
    expect(responses(alarms)).toEqual([1, 1, 0, 0, 1, 1]);
  });

  it('are not asked of what nobody was told', () => {
    expect(responses([alarm(null, 5, true)])).toEqual([0, 0, 0, 0, 0, 0]);
  });
});

it('the lines to compare with are those of the report', () => {
  const unit = {
    unit: 'icu',
    beds: 1,
    alarmsPerHour: 1,
    load: 'acceptable',
    peakIn10min: 1,
    floods: 0,
    floodMs: 0,
    floodShare: 0,
  } as const;
  const told = benchmarksOf({
    units: [unit],
    byPriority: { low: 1, medium: 1, high: 1 },
    alarms: 3,
    announcementsPerBedDay: 1,
  })
    .map(({ target }) => target)
    .join('\n');
  for (const figure of [...BENCHMARKS.alarmsPerHour, BENCHMARKS.mostIn10min, BENCHMARKS.perBedDay]) {
    expect(told).toMatch(new RegExp(`\\b${figure}\\b`));
  }
  for (const share of Object.values(BENCHMARKS.split)) expect(told).toContain(`${100 * share} %`);
});
