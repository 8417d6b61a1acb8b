import { describe, expect, it } from 'vitest';
import { PRIORITIES, type Priority } from '#domain/alarms/conditions.ts';
import { lengthMsOf, pulsesOf } from '../../../../web/shell/sound/burst.ts';
import { BURSTS, type Burst, ENVELOPE, HARMONICS } from '../../../../web/shell/sound/tables.ts';

/** IEC 60601-1-8 Tables 3 and 4, as the clinical reference has them. Milliseconds. */
type Range = readonly [min: number, max: number];

const PULSES: Readonly<Record<Priority, readonly number[]>> = { high: [10], medium: [3], low: [1, 2] };
const PULSE_MS: Readonly<Record<Priority, Range>> = { high: [75, 200], medium: [125, 250], low: [125, 250] };
const SPACING_MS: Readonly<Record<Priority, Range>> = { high: [50, 125], medium: [125, 250], low: [125, 250] };
const INTERVAL_MS: Readonly<Record<Priority, Range>> = {
  high: [2_500, 15_000],
  medium: [2_500, 30_000],
  low: [15_001, Number.POSITIVE_INFINITY],
};
/** Spacings 1-2 to 9-10 of a high burst, in x and td; null: the pause between its halves. */
const HIGH_SPACINGS = (x: number, td: number) => [x, x, 2 * x + td, x, null, x, x, 2 * x + td, x];
const BETWEEN_HALVES_MS: Range = [350, 1_300];

const expectWithin = (value: number, [min, max]: Range): void => {
  expect(value).toBeGreaterThanOrEqual(min);
  expect(value).toBeLessThanOrEqual(max);
};

const decibel = (ratio: number): number => 20 * Math.log10(ratio);

/** The pauses between the end of each pulse and the start of the next. */
const spacings = (burst: Burst): number[] => {
  const pulses = pulsesOf(burst);
  return pulses.slice(1).map(({ startMs }, place) => {
    const before = pulses[place];
    return before ? startMs - before.startMs - before.lengthMs : Number.NaN;
  });
};

describe('the bursts', () => {
  it.each(PRIORITIES)('of %s priority have the pulses, lengths and intervals of the standard', (priority) => {
    const burst: Burst = BURSTS[priority];
    const pulses = pulsesOf(burst);
    expect(PULSES[priority]).toContain(pulses.length);
    for (const { lengthMs } of pulses) expectWithin(lengthMs, PULSE_MS[priority]);
    expectWithin(burst.intervalMs ?? Number.POSITIVE_INFINITY, INTERVAL_MS[priority]);
    expectWithin(burst.leastIntervalMs, INTERVAL_MS[priority]);
    expect(burst.leastIntervalMs).toBeLessThanOrEqual(burst.intervalMs ?? Number.POSITIVE_INFINITY);
    expect(lengthMsOf(burst)).toBe((pulses.at(-1)?.startMs ?? 0) + burst.pulseMs);
  });

  it('of high priority are five pulses, a pause, and the five again', () => {
    const { pulseMs } = BURSTS.high;
    const [x = Number.NaN] = spacings(BURSTS.high);
    expectWithin(x, SPACING_MS.high);
    const found = spacings(BURSTS.high);
    for (const [place, expected] of HIGH_SPACINGS(x, pulseMs).entries()) {
      if (expected === null) expectWithin(found[place] ?? Number.NaN, BETWEEN_HALVES_MS);
      else expect(found[place]).toBe(expected);
    }
    expect(found).toHaveLength(9);
  });

  it('of medium and low priority are evenly spaced, and medium ones no faster than high ones', () => {
    for (const priority of ['medium', 'low'] as const) {
      for (const gapMs of spacings(BURSTS[priority])) expectWithin(gapMs, SPACING_MS[priority]);
    }
    expect(new Set(spacings(BURSTS.medium)).size).toBe(1);
    expect(BURSTS.medium.pulseMs + BURSTS.medium.gapsMs[0]).toBeGreaterThanOrEqual(
      BURSTS.high.pulseMs + BURSTS.high.gapsMs[0],
    );
  });

  it('are the louder the more urgent', () => {
    expect(BURSTS.high.level).toBeGreaterThanOrEqual(BURSTS.medium.level);
    expect(BURSTS.medium.level).toBeGreaterThanOrEqual(BURSTS.low.level);
    expect(BURSTS.high.level).toBeLessThanOrEqual(1);
  });

  it('that are no alarms cannot be taken for one', () => {
    for (const priority of PRIORITIES) {
      expect(BURSTS['link-lost'].pulseMs).toBeGreaterThan(PULSE_MS[priority][1]);
      expect(BURSTS.ready.pulseMs).toBeLessThan(PULSE_MS[priority][0]);
    }
    expect(BURSTS['link-lost'].intervalMs).toBeLessThan(INTERVAL_MS.high[0]);
    expect(BURSTS.ready.intervalMs).toBeNull();
  });
});

describe('a pulse of an alarm', () => {
  it.each(PRIORITIES)('of %s priority has its fundamental and four harmonics where ears are', (priority) => {
    const [fundamental] = BURSTS[priority].hertz;
    expectWithin(fundamental, [150, 1_000]);
    const harmonics = HARMONICS.slice(1).map((_, place) => fundamental * (place + 2));
    expect(harmonics.length).toBeGreaterThanOrEqual(4);
    for (const hertz of harmonics) expectWithin(hertz, [300, 4_000]);
  });

  it('has every harmonic within 15 dB of the fundamental', () => {
    for (const level of HARMONICS) expect(Math.abs(decibel(level / HARMONICS[0]))).toBeLessThanOrEqual(15);
  });

  it('rises in 10 to 20 % of its length and has fallen by its end', () => {
    expectWithin(ENVELOPE.rise, [0.1, 0.2]);
    expect(ENVELOPE.fall).toBeGreaterThan(0);
    expect(ENVELOPE.rise + ENVELOPE.fall).toBeLessThan(1);
  });
});
