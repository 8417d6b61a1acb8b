import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readState } from '#domain/alarms/formats/upcast.ts';
import { writeState } from '#domain/alarms/formats/written.ts';
import {
  type AlarmConfig,
  type AlarmOverrides,
  override,
  PRESETS,
  type VitalAlarmSettings,
} from '#domain/alarms/settings.ts';
import { configProblems } from '#domain/alarms/settings-problems.ts';
import { AGE_GROUPS, VITAL_IDS } from '#domain/vitals.ts';
import { simulatedHours } from './support/simulated-hours.ts';
import { createTestBed, QUALITY, reading, START, type TestBed } from './support/test-bed.ts';

/** Saturations that are too low in sum: C12 of docs/alarms-spec.md. The low limit is 90, its delay 10 s. */

const KIND = 'spo2-burden';

const ofBurden = (told: readonly string[]): string[] => told.filter((line) => line.includes('-burden'));

/** Nine seconds at 78 of every 40 s: 108 % × s, and no alarm of the limit. */
const dip = (bed: TestBed, times: number): TestBed => {
  for (let time = 0; time < times; time++) bed.run(9, { spo2: 78 }).run(31, { spo2: 95 });
  return bed;
};

describe('the sum', () => {
  test('C12: short dips alarm once they are 600 % × s in ten minutes, at a value below the limit', () => {
    const bed = dip(createTestBed(), 6);
    expect(bed.told()).toEqual(['205 s onset spo2-burden desaturation-burden']);
    expect(bed.alarm(KIND)).toMatchObject({
      condition: 'desaturation-burden',
      priority: 'medium',
      vital: 'spo2',
      value: 78,
      limit: 90,
      worst: 78,
      startedAt: START,
      decidedAt: START + 205_000,
    });
  });

  test('C12: half as many do not', () => {
    const bed = createTestBed();
    for (let time = 0; time < 40; time++) bed.run(9, { spo2: 78 }).run(151, { spo2: 95 });
    expect(bed.told()).toEqual([]);
  });

  test('C8, C12: it ends when less than half is left of the last ten minutes, and names the lowest value', () => {
    const bed = dip(createTestBed(), 6).run(1, { spo2: 70 }).run(700, { spo2: 95 });
    const told = bed.events().flatMap((event) => ('alarm' in event ? [event] : []));
    expect(told.map(({ type, cause, alarm }) => [type, cause, alarm.worst])).toEqual([
      ['onset', null, 78],
      ['ended', 'recovered', 70],
    ]);
    // The third and the fourth dip are left out together, 600 s after the third began.
    expect(told[1]?.at).toBe(START + 680_000);
  });

  test('C12: while the alarm of the limit is active it does not begin, and it waits for the next value below', () => {
    const bed = createTestBed().run(130, { spo2: 85 }).run(30, { spo2: 95 });
    expect(bed.told()).toEqual(['10 s onset spo2-low low-limit', '130 s ended spo2-low low-limit recovered']);
    expect(bed.run(1, { spo2: 89 }).told()).toEqual(['160 s onset spo2-burden desaturation-burden']);
  });

  test('C12: a value counts until the next reading, and no longer than it stands', () => {
    const bed = createTestBed();
    const everySeconds = (seconds: number, times: number) => {
      for (let time = 0; time < times; time++) bed.send({ spo2: 80 }).skip(1).send({ spo2: 95 }).skip(seconds);
    };
    everySeconds(9, 59);
    expect(ofBurden(bed.told())).toEqual([]);
    // Each value of 80 with nothing after it for 100 s is 10 % × 15 s, because it stands so long.
    const seldom = createTestBed();
    for (let time = 0; time < 4; time++) seldom.send({ spo2: 80 }).skip(100).send({ spo2: 95 }).skip(1);
    expect(ofBurden(seldom.told())).toEqual([]);
    expect(ofBurden(seldom.send({ spo2: 80 }).told())).toEqual(['404 s onset spo2-burden desaturation-burden']);
  });

  test('A5, C12: neither a value that was corrected counts nor one that is not usable', () => {
    const bed = createTestBed();
    for (let second = 0; second < 300; second++) {
      bed.send({ spo2: 60 });
      if (second % 3 === 0) bed.send({ spo2: 95 });
      else bed.send({ spo2: second % 3 === 1 ? null : [60, 'invalid'] });
      bed.skip(1);
    }
    expect(ofBurden(bed.told())).toEqual([]);
  });

  test('A7, C12: a clock that is put moves what was summed up with it', () => {
    const bed = dip(createTestBed(), 5).tell({ type: 'device', clockStepMs: -3_600_000 });
    for (let second = 0; second < 6; second++) bed.sendReadings([reading('spo2', 78)], 3_600_000).skip(1);
    expect(bed.alarm(KIND)).toMatchObject({ startedAt: START - 3_600_000, decidedAt: START + 205_000 });
  });

  test('D3, C12: without a value it ends, and what was summed up stays', () => {
    const bed = dip(createTestBed(), 6).run(30, { spo2: null }).run(10, { spo2: 95 });
    expect(ofBurden(bed.told())).toEqual([
      '205 s onset spo2-burden desaturation-burden',
      '260 s ended spo2-burden desaturation-burden inhibited',
    ]);
    expect(ofBurden(bed.run(2, { spo2: 85 }).told())).toEqual(['280 s onset spo2-burden desaturation-burden']);
  });

  test('E3, C12: where medium latches it is latched, and active again with the next dip that is too much', () => {
    const bed = dip(createTestBed({ settings: { latching: { medium: true } } }), 6).run(30, { spo2: null });
    expect(ofBurden(dip(bed, 1).told())).toEqual([
      '205 s onset spo2-burden desaturation-burden',
      '260 s latched spo2-burden desaturation-burden inhibited',
      '270 s recurred spo2-burden desaturation-burden',
    ]);
    expect(bed.acknowledge(KIND).alarm(KIND)?.acknowledged).toMatchObject({ by: 'Ada' });
  });

  test('D5, D6, C12: a start of the station keeps the sum but not the time between, another patient has none', () => {
    const bed = dip(createTestBed(), 5).run(3, { spo2: 78 }).away(100).run(3, { spo2: 78 });
    expect(ofBurden(bed.told())).toEqual([]);
    expect(ofBurden(bed.run(2, { spo2: 78 }).told())).toEqual(['306 s onset spo2-burden desaturation-burden']);
    bed.tell({ type: 'occupied', device: 'monitor-1', encounter: 2, config: bed.config() });
    expect(ofBurden(dip(bed, 5).told())).toEqual(['308 s ended spo2-burden desaturation-burden occupancy']);
  });
});

describe('its settings', () => {
  const withOwn = (spo2: Partial<VitalAlarmSettings>): AlarmConfig => override(PRESETS.adult, { vitals: { spo2 } });

  test.each([{ lowBurden: null }, { low: null }])('C12: %j switches it off', (own) => {
    const bed = dip(createTestBed({ config: withOwn({ extremeLow: 60, ...own }) }), 20);
    expect(ofBurden(bed.told())).toEqual([]);
    expect(JSON.stringify(writeState(bed.state()))).not.toContain('burden');
  });

  test('C12: it is off for newborns, and no other vital has it', () => {
    expect(PRESETS.neonatal.vitals.spo2.lowBurden).toBeUndefined();
    expect(Object.values(PRESETS.adult.vitals).filter(({ lowBurden }) => lowBurden !== undefined)).toHaveLength(1);
  });

  test('C7, C12: switched off it ends; a smaller amount holds at once, at a value below the limit', () => {
    const bed = dip(createTestBed(), 6).configure({ vitals: { spo2: { lowBurden: null } } });
    expect(ofBurden(bed.told()).at(-1)).toBe('240 s ended spo2-burden desaturation-burden limits-changed');
    bed.configure({ vitals: { spo2: { lowBurden: 600 } } });
    dip(bed, 2).run(1, { spo2: 78 });
    expect(ofBurden(bed.told())).toEqual([]);
    bed.configure({ vitals: { spo2: { lowBurden: 200 } } });
    expect(ofBurden(bed.told())).toEqual(['321 s onset spo2-burden desaturation-burden']);
    bed.run(1, { spo2: 95 }).configure({ vitals: { spo2: { lowBurden: 900 } } });
    expect(ofBurden(bed.told())).toEqual(['322 s ended spo2-burden desaturation-burden limits-changed']);
  });

  test('C12: it ends just when less than half of the amount is left', () => {
    const bed = dip(createTestBed({ config: withOwn({ lowBurden: 200 }) }), 2);
    expect(bed.told()).toEqual(['48 s onset spo2-burden desaturation-burden']);
    bed.configure({ vitals: { spo2: { lowBurden: 432 } } });
    expect(bed.told()).toEqual([]);
    bed.configure({ vitals: { spo2: { lowBurden: 433 } } });
    expect(bed.told()).toEqual(['80 s ended spo2-burden desaturation-burden limits-changed']);
  });

  test('F3: an amount that could never be reached is refused, and so is one of another vital', () => {
    expect(configProblems(withOwn({ lowBurden: 54_000 }))).toEqual([
      'spo2: lowBurden 54000 could never be reached below 90 %',
    ]);
    expect(configProblems(withOwn({ lowBurden: 53_999 }))).toEqual([]);
    expect(configProblems(withOwn({ low: null, lowBurden: 53_999 }))).toEqual([]);
    expect(configProblems(override(PRESETS.adult, { vitals: { 'abp-mean': { lowBurden: 100 } } }))).toEqual([
      'abp-mean: has no condition for lowBurden',
    ]);
  });
});

test('A6, C12: calm values leave nothing behind, and of a dip only the begin of a portion marks the state dirty', () => {
  const bed = createTestBed().run(40, { spo2: 95 });
  const { revision } = bed.state();
  bed.run(20, { spo2: 96 });
  expect(bed.state().revision).toBe(revision);
  expect(JSON.stringify(writeState(bed.state()))).not.toContain('burden');
  const revisions = new Set<number>();
  for (let second = 0; second < 8; second++) revisions.add(bed.run(1, { spo2: 85 }).state().revision);
  // The first value below begins the row of the limit, the second the portion.
  expect(revisions.size).toBe(2);
});

type Sent = { readonly second: number; readonly value: number; readonly isUsable: boolean };

const SPO2 = VITAL_IDS.indexOf('spo2');
const LOW = 90;
const STANDS_SECONDS = 15;

/** Plain and slow: from all that was ever sent, in portions from the beginning. */
const sumNaively = (sent: readonly Sent[], withinSeconds: number): number => {
  const now = sent.at(-1)?.second ?? 0;
  const portions: { from: number; sum: number }[] = [];
  for (const [place, { second, value, isUsable }] of sent.entries()) {
    const next = sent[place + 1];
    if (!next || !isUsable || value >= LOW) continue;
    const burden = (LOW - value) * Math.min(next.second - second, STANDS_SECONDS);
    const last = portions.at(-1);
    if (last && second - last.from < withinSeconds / 12) last.sum += burden;
    else portions.push({ from: second, sum: burden });
  }
  return portions.filter(({ from }) => from > now - withinSeconds).reduce((total, { sum }) => total + sum, 0);
};

/** Values of no use are followed by one of use, so that no signal is lost. After each part comes a gap. */
const someParts = fc.array(
  fc.record({
    useless: fc.nat({ max: 10 }),
    values: fc.array(
      fc.record({ value: fc.integer({ min: 70, max: 100 }), seconds: fc.integer({ min: 1, max: 14 }) }),
      {
        minLength: 1,
        maxLength: 5,
      },
    ),
    gap: fc.constantFrom(0, 0, 0, 3, 14, 15, 16, 40),
  }),
  { minLength: 2, maxLength: 10 },
);

test('A1, A6, C12: over any values it is open just when a plain sum says so', () => {
  let opened = 0;
  fc.assert(
    fc.property(someParts, fc.constantFrom(40, 150), fc.constantFrom(120, 132), (parts, amount, withinSeconds) => {
      const settings: AlarmOverrides = {
        vitals: { spo2: { lowBurden: amount, lowBurdenWithinMs: withinSeconds * 1_000 } },
      };
      const bed = createTestBed({ settings });
      const sent: Sent[] = [];
      let isOpen = false;
      const send = (value: number, quality: number) => {
        const before = sent.at(-1)?.second ?? 0;
        const second = (bed.now() - START) / 1_000;
        // What did not stand any more has ended the alarm.
        if (second - before > STANDS_SECONDS) isOpen = false;
        bed.sendReadings([{ ...reading('spo2', value), quality }]).skip(1);
        sent.push({ second, value, isUsable: quality !== QUALITY.invalid });
        const sum = sumNaively(sent, withinSeconds);
        const summed = bed.state().vitals[SPO2]?.courses?.burden?.portions ?? [];
        expect([second, summed.reduce((total, { burden }) => total + burden, 0)]).toEqual([second, sum * 1_000]);
        const isOfLimit = bed.alarm('spo2-low')?.state === 'active';
        if (sum < amount / 2) isOpen = false;
        else if (sum >= amount && quality !== QUALITY.invalid && value < LOW && !isOfLimit) isOpen = true;
        expect([second, bed.alarm(KIND) !== undefined]).toEqual([second, isOpen]);
        expect(readState(JSON.parse(JSON.stringify(writeState(bed.state()))), 2)).toEqual(bed.state());
        if (isOpen) opened++;
      };
      for (const { useless, values, gap } of parts) {
        for (let count = 0; count < useless; count++) send(60, QUALITY.invalid);
        for (const { value, seconds } of values)
          for (let count = 0; count < seconds; count++) send(value, QUALITY.good);
        bed.skip(gap);
      }
    }),
    { numRuns: 100 },
  );
  expect(opened).toBeGreaterThan(0);
}, 60_000);

test('C12: beds that rest for hours have none, and those of the scenario of dips have nothing else', () => {
  for (let seed = 0; seed < 9; seed++) {
    expect(simulatedHours({ scenario: 'stable', seed, hours: 2, vitals: ['spo2'] }).told()).toEqual([]);
    // Newborns rest at 91, with a limit of 85 and no preset for the sum.
    if (seed % AGE_GROUPS.length === AGE_GROUPS.indexOf('neonatal')) continue;
    const told = simulatedHours({ scenario: 'dips', seed, hours: 0.5, vitals: ['spo2'] }).told();
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^\d{3} s onset spo2-burden desaturation-burden$/);
  }
}, 60_000);
