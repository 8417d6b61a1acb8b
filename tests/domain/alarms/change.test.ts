import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readState } from '#domain/alarms/formats/upcast.ts';
import { writeState } from '#domain/alarms/formats/written.ts';
import { type AlarmConfig, type AlarmOverrides, override, PRESETS } from '#domain/alarms/settings.ts';
import { configProblems } from '#domain/alarms/settings-problems.ts';
import { createTestBed, QUALITY, reading, START } from './support/test-bed.ts';

const KIND = 'heart-rate-change';

/** More than 20 within two minutes, for 5 s, with a hysteresis of 5. No limit of the heart rate is in the way. */
const changes = (more: AlarmOverrides['vitals'] = {}): AlarmOverrides => ({
  vitals: { 'heart-rate': { low: null, high: null, changeBy: 20, changeWithinMs: 120_000 }, ...more },
});

const ofChange = (told: readonly string[]): string[] => told.filter((line) => line.includes('-change'));

test('C11: no vital alarms by its change unless the settings say so', () => {
  expect(Object.values(PRESETS.adult.vitals).filter(({ changeBy }) => changeBy !== undefined)).toEqual([]);
  const bed = createTestBed().run(60, { 'heart-rate': 60 }).run(60, { 'heart-rate': 115 });
  expect(ofChange(bed.told())).toEqual([]);
  expect(JSON.stringify(writeState(bed.state()))).not.toContain('courses');
});

test.each([
  ['up', 81, 80],
  ['down', 39, 40],
])('C11: a value that moved %s by more than the amount alarms when it has for its delay', (_way, value, limit) => {
  const bed = createTestBed({ settings: changes({ spo2: { changeBy: null } }) })
    .run(60, { 'heart-rate': 60 })
    .run(6, { 'heart-rate': value });
  expect(bed.alarm(KIND)).toMatchObject({
    condition: 'rapid-change',
    priority: 'medium',
    vital: 'heart-rate',
    value,
    limit,
    startedAt: START + 60_000,
    decidedAt: START + 65_000,
  });
});

test('C11: a move of just the amount is none, nor is a value that is back before the delay', () => {
  const bed = createTestBed({ settings: changes() })
    .run(60, { 'heart-rate': 60 })
    .run(20, { 'heart-rate': 80 })
    .run(4, { 'heart-rate': 82 })
    .run(60, { 'heart-rate': 79 });
  expect(ofChange(bed.told())).toEqual([]);
});

test('C11: what moved more slowly than the set time does not alarm', () => {
  const bed = createTestBed({ settings: changes() });
  for (let rate = 60; rate <= 110; rate++) bed.run(7, { 'heart-rate': rate });
  expect(ofChange(bed.told())).toEqual([]);
});

test('C8, C11: it ends when the value was steady for the set time, and names the farthest value', () => {
  const bed = createTestBed({ settings: changes() })
    .run(60, { 'heart-rate': 60 })
    .run(10, { 'heart-rate': 90 })
    .run(1, { 'heart-rate': 96 })
    .run(120, { 'heart-rate': 90 });
  const told = bed.events().flatMap((event) => ('alarm' in event ? [event] : []));
  expect(told.map(({ type }) => type)).toEqual(['onset', 'ended']);
  expect(told[1]).toMatchObject({ cause: 'recovered', alarm: { worst: 96 } });
  const endedAfter = ((told[1]?.at ?? 0) - (START + 59_000)) / 1_000;
  expect(endedAfter).toBeGreaterThanOrEqual(110);
  expect(endedAfter).toBeLessThanOrEqual(120);
});

test('C11: it ends inside the amount by the hysteresis, and by half of the amount if that is less', () => {
  const bed = createTestBed({ settings: changes() })
    .run(60, { 'heart-rate': 60 })
    .run(10, { 'heart-rate': 90 })
    .run(1, { 'heart-rate': 76 });
  expect(bed.alarm(KIND)).toBeDefined();
  expect(bed.run(1, { 'heart-rate': 75 }).alarm(KIND)).toBeUndefined();
  const small = createTestBed({
    settings: changes({ 'heart-rate': { low: null, high: null, changeBy: 6, changeWithinMs: 120_000 } }),
  })
    .run(60, { 'heart-rate': 60 })
    .run(10, { 'heart-rate': 67 });
  expect(small.run(60, { 'heart-rate': 69 }).alarm(KIND)).toBeDefined();
  expect(small.run(60, { 'heart-rate': 69 }).alarm(KIND)).toBeUndefined();
});

test('A5, C11: a value that was corrected is not looked back at', () => {
  const bed = createTestBed({ settings: changes() }).run(60, { 'heart-rate': 60 });
  bed.send({ 'heart-rate': 200 }).send({ 'heart-rate': 61 });
  bed.skip(1).run(30, { 'heart-rate': 61 });
  expect(ofChange(bed.told())).toEqual([]);
});

test('A7, C11: a clock that is put moves what is looked back at with it', () => {
  const bed = createTestBed({ settings: changes() })
    .run(60, { 'heart-rate': 60 })
    .tell({ type: 'device', clockStepMs: -3_600_000 });
  for (let second = 0; second < 6; second++) {
    bed.sendReadings([reading('heart-rate', 90)], 3_600_000).skip(1);
  }
  expect(bed.alarm(KIND)).toMatchObject({ value: 90, limit: 80 });
});

test('D3, C11: without a value it ends, and a latched one is active again when it moves again', () => {
  const bed = createTestBed({ settings: { ...changes(), latching: { medium: true } } })
    .run(60, { 'heart-rate': 60 })
    .run(10, { 'heart-rate': 90 })
    .run(30, { 'heart-rate': null })
    .run(10, { 'heart-rate': 95 });
  expect(ofChange(bed.told())).toEqual([
    '65 s onset heart-rate-change rapid-change',
    '90 s latched heart-rate-change rapid-change inhibited',
    '105 s recurred heart-rate-change rapid-change',
  ]);
});

test('C7, C11: switched off it ends, and switched on it looks back at nothing from before', () => {
  const bed = createTestBed({ settings: changes() })
    .run(60, { 'heart-rate': 60 })
    .run(10, { 'heart-rate': 90 })
    .configure({ vitals: { 'heart-rate': { changeBy: null } } });
  expect(ofChange(bed.told()).at(-1)).toBe('70 s ended heart-rate-change rapid-change limits-changed');
  bed.run(10, { 'heart-rate': 60 }).configure(changes()).run(10, { 'heart-rate': 60 });
  expect(ofChange(bed.told())).toEqual([]);
  expect(bed.run(6, { 'heart-rate': 90 }).alarm(KIND)).toBeDefined();
});

test('C7, C11: the amount made smaller decides again by what was there, not before the settings were', () => {
  const bed = createTestBed({ settings: changes() })
    .run(60, { 'heart-rate': 60 })
    .run(10, { 'heart-rate': 75 })
    .configure({ vitals: { 'heart-rate': { changeBy: 10 } } });
  bed.run(6, { 'heart-rate': 75 });
  expect(bed.alarm(KIND)).toMatchObject({ startedAt: START + 69_000, decidedAt: START + 74_000, limit: 70 });
});

test('C11, D5, D6: a start of the station leaves what is looked back at, another patient does not', () => {
  const bed = createTestBed({ settings: changes() })
    .run(60, { 'heart-rate': 60 })
    .away(10)
    .run(6, { 'heart-rate': 90 });
  expect(bed.alarm(KIND)).toBeDefined();
  bed.tell({ type: 'occupied', device: 'monitor-1', encounter: 2, config: bed.config() });
  expect(ofChange(bed.told()).at(-1)).toBe('76 s ended heart-rate-change rapid-change occupancy');
  expect(bed.run(10, { 'heart-rate': 60 }).alarm(KIND)).toBeUndefined();
});

test('E1, E2, C11: it is acknowledged like any other', () => {
  const bed = createTestBed({ settings: changes() })
    .run(60, { 'heart-rate': 60 })
    .run(6, { 'heart-rate': 90 })
    .acknowledge(KIND);
  expect(bed.alarm(KIND)?.acknowledged).toMatchObject({ by: 'Ada' });
});

test('F3: an amount that no value could move by is refused, and so is a time out of bounds', () => {
  const withChange = (change: { changeBy: number }): AlarmConfig =>
    override(PRESETS.adult, { vitals: { 'heart-rate': change } });
  expect(configProblems(withChange({ changeBy: 350 }))).toEqual([
    'heart-rate: changeBy 350 could never be reached within 0…350 /min',
  ]);
  expect(configProblems(withChange({ changeBy: 349 }))).toEqual([]);
});

type Sent = { readonly value: number; readonly quality: number };

/** Rates that stand for a while each, some doubtful, some of no use. */
const someRates = fc
  .array(
    fc.record({
      value: fc.integer({ min: 1, max: 200 }),
      quality: fc.constantFrom(QUALITY.good, QUALITY.good, QUALITY.questionable, QUALITY.invalid),
      seconds: fc.integer({ min: 1, max: 40 }),
    }),
    { minLength: 3, maxLength: 12 },
  )
  .map((runs) => runs.flatMap(({ value, quality, seconds }): Sent[] => Array(seconds).fill({ value, quality })));

test('A1, A6, C1, C2, C11: over any rates it is open just while a value moved by more than the amount, as far as twelfths allow', () => {
  fc.assert(
    fc.property(someRates, fc.constantFrom(60_000, 132_000), (sent, withinMs) => {
      const settings: AlarmOverrides = {
        vitals: {
          'heart-rate': {
            ...{ low: null, high: null, extremeLow: 1, extremeHigh: 349, delayMs: 0, hysteresis: 0 },
            ...{ changeBy: 25, changeWithinMs: withinMs },
          },
        },
      };
      const bed = createTestBed({ settings });
      const usable: { readonly second: number; readonly value: number }[] = [];
      for (const [second, { value, quality }] of sent.entries()) {
        bed.sendReadings([{ ...reading('heart-rate', value), quality }]).skip(1);
        expect(readState(JSON.parse(JSON.stringify(writeState(bed.state()))), 2)).toEqual(bed.state());
        if (quality === QUALITY.invalid) continue;
        const movedWithin = (ms: number): boolean =>
          usable.some((one) => (second - one.second) * 1_000 < ms && Math.abs(one.value - value) > 25);
        usable.push({ second, value });
        const isOpen = bed.alarm(KIND) !== undefined;
        // Between eleven twelfths and all of the time it may be either.
        if (movedWithin((withinMs * 11) / 12)) expect(isOpen).toBe(true);
        if (!movedWithin(withinMs)) expect(isOpen).toBe(false);
      }
    }),
    { numRuns: 150 },
  );
});
