import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { VitalReading } from '#domain/alarms/alarm.ts';
import { readState } from '#domain/alarms/formats/upcast.ts';
import { writeState } from '#domain/alarms/formats/written.ts';
import { VITAL_IDS, type VitalId, vital } from '#domain/vitals.ts';
import { simulatedHours } from './support/simulated-hours.ts';
import { createTestBed } from './support/test-bed.ts';

/** Devices that send the same again and again, against a plain model and simulated beds: D11 of docs/alarms-spec.md. */

const KIND = 'device-frozen';

const ofFrozen = (told: readonly string[]): string[] => told.filter((line) => line.includes(KIND));

type Second = readonly VitalReading[];

const STANDS_SECONDS = 15;

/** Plain and slow: at each second it looks back over all that was sent. */
const frozenNaively = (seconds: readonly Second[], afterSeconds: number): boolean[] => {
  const lively = /^(heart|pulse|respiratory)-rate$|^abp-|^perfusion/;
  const said = (id: VitalId, second: number): string | undefined => {
    const one = seconds[second]?.find(({ mdc }) => mdc === vital(id).mdc);
    return one && `${one.value} ${one.quality}`;
  };
  /** The newest ten readings, up to the first of which the next came too late, or that is itself too old. */
  const rowOf = (id: VitalId, until: number, standsSeconds: number): string[] => {
    const row: string[] = [];
    let missing = 0;
    for (let second = until; second >= 0 && row.length < 10; second--) {
      const words = said(id, second);
      if (words !== undefined) row.push(words);
      missing = words === undefined ? missing + 1 : 0;
      if (missing >= (row.length === 0 ? standsSeconds : STANDS_SECONDS)) break;
    }
    return row;
  };
  const isNews = (id: VitalId, second: number): boolean => {
    const words = said(id, second);
    return words !== undefined && words !== rowOf(id, second - 1, STANDS_SECONDS)[0];
  };
  let isOpen = false;
  let changedAt = 0;
  return seconds.map((_second, now) => {
    if (VITAL_IDS.some((id) => isNews(id, now))) {
      isOpen = false;
      changedAt = now;
    }
    const isZero = (['heart-rate', 'respiratory-rate'] as const).some((id) =>
      rowOf(id, now, STANDS_SECONDS)[0]?.startsWith('0 '),
    );
    const still = VITAL_IDS.filter((id) => {
      // At the very moment at which a value ceases to stand it is evidence still.
      const row = rowOf(id, now, STANDS_SECONDS + 1);
      const isUsable = !/^NaN|^0 | 2$/.test(row[0] ?? 'NaN');
      return lively.test(id) && isUsable && row.length === 10 && row.every((words) => words === row[0]);
    });
    if (now - changedAt >= afterSeconds && still.length >= 3 && !isZero) isOpen = true;
    return isOpen;
  });
};

const WATCHED = ['heart-rate', 'pulse-rate', 'respiratory-rate', 'spo2', 'abp-mean'] as const;

/** Runs in which most vitals say the same for long; some are left out, some without a value or of no use. */
const someSeconds = fc
  .array(
    fc.record({
      values: fc.array(fc.constantFrom(70, 70, 70, 70, 71, Number.NaN, 0), {
        minLength: WATCHED.length,
        maxLength: WATCHED.length,
      }),
      quality: fc.constantFrom(0, 0, 0, 0, 1, 2),
      skips: fc.array(fc.constantFrom(1, 1, 1, 4, 6, 7, 20), { minLength: WATCHED.length, maxLength: WATCHED.length }),
      seconds: fc.integer({ min: 1, max: 110 }),
    }),
    { minLength: 2, maxLength: 7 },
  )
  .map((runs) =>
    runs.flatMap(({ values, quality, skips, seconds }) =>
      Array.from({ length: seconds }, (_, second): Second => {
        const readings = WATCHED.flatMap((id, place) =>
          second % (skips[place] ?? 1) === 0
            ? [{ mdc: vital(id).mdc, value: values[place] ?? Number.NaN, quality: place === 0 ? quality : 0 }]
            : [],
        );
        return readings;
      }),
    ),
  );

test('A1, A6, D11: over any seconds it is open just when a plain look back says so', () => {
  let opened = 0;
  fc.assert(
    fc.property(someSeconds, (seconds) => {
      const bed = createTestBed({ settings: { frozenAfterMs: 60_000 } });
      const expected = frozenNaively(seconds, 60);
      for (const [second, readings] of seconds.entries()) {
        bed.sendReadings(readings);
        // What is due at this very moment happens after what arrives in it.
        bed.wait(0.001).skip(0.999);
        expect([second, bed.alarm(KIND) !== undefined]).toEqual([second, expected[second]]);
        if (second % 10 === 0)
          expect(readState(JSON.parse(JSON.stringify(writeState(bed.state()))), 2)).toEqual(bed.state());
        if (expected[second]) opened++;
      }
    }),
    { numRuns: 60 },
  );
  expect(opened).toBeGreaterThan(0);
}, 60_000);

test('D11: beds that rest for hours are never frozen, nor is one whose heart stands still', () => {
  for (let seed = 0; seed < 12; seed++) {
    expect(ofFrozen(simulatedHours({ scenario: 'stable', seed, hours: 3 }).told())).toEqual([]);
    expect(ofFrozen(simulatedHours({ scenario: 'asystole', seed, hours: 0.5 }).told())).toEqual([]);
  }
}, 60_000);

test('D11: the monitor of the scenario is frozen for three of its eight minutes', () => {
  const told = ofFrozen(simulatedHours({ scenario: 'frozen', seed: 3, hours: 0.5 }).told());
  expect(told.map((line) => line.replace(/^\d+ s /, ''))).toEqual([
    'onset device-frozen values-frozen',
    'ended device-frozen values-frozen recovered',
    'onset device-frozen values-frozen',
    'ended device-frozen values-frozen recovered',
  ]);
  expect(told[0]).toMatch(/^4\d\d s /);
  expect(told[1]).toMatch(/^60\d s /);
});
