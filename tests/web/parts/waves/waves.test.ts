import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WaveFrame } from '#contracts/live.ts';
import { WAVE_STALE_AFTER_MS } from '#domain/freshness.ts';
import { choosePlaying, createPlayback, playFrame } from '../../../../web/parts/waves/playback.ts';
import { createRing, extent, indexAt, sampleAt, timeAt, writeBlock } from '../../../../web/parts/waves/ring.ts';
import {
  columnAt,
  cutAtWraps,
  erasedColumns,
  eraseWidth,
  holds,
  penMove,
  refit,
  rowAt,
  SWEEP_MS,
  scaleFor,
} from '../../../../web/parts/waves/sweep.ts';

const T = 1_800_000_000_000;
const RATE = 250;

const ramp = (start: number, length: number) => Array.from({ length }, (_, offset) => start + offset);

describe('ring', () => {
  it('gives back each sample at its time, and none before, between and after', () => {
    const ring = createRing(RATE);
    writeBlock(ring, T, [1, null, 3]);
    const at = (ms: number) => sampleAt(ring, indexAt(ring, T + ms));
    expect([at(-4), at(0), at(4), at(8), at(12)]).toEqual([Number.NaN, 1, Number.NaN, 3, Number.NaN]);
    expect(timeAt(ring, ring.nextValid)).toBe(T + 12);
  });

  it('holds the same samples in whatever order and however often the blocks come', () => {
    const blocks = Array.from({ length: 8 }, (_, place) => ({ time: T + place * 1_000, start: place * RATE }));
    fc.assert(
      fc.property(
        fc.shuffledSubarray(blocks, { minLength: 8 }),
        fc.array(fc.constantFrom(...blocks)),
        (order, again) => {
          const ring = createRing(RATE);
          for (const { time, start } of [...order, ...again]) writeBlock(ring, time, ramp(start, RATE));
          const first = indexAt(ring, T);
          expect(ramp(first, 8 * RATE).map((index) => sampleAt(ring, index))).toEqual(ramp(0, 8 * RATE));
        },
      ),
    );
  });

  it('closes the wobble of time stamps, and leaves a real hole open', () => {
    const ring = createRing(RATE);
    writeBlock(ring, T, ramp(0, RATE));
    writeBlock(ring, T + 1_030, ramp(RATE, RATE));
    writeBlock(ring, T + 3_000, ramp(0, RATE));
    const first = indexAt(ring, T);
    expect(ramp(first, 2 * RATE).map((index) => sampleAt(ring, index))).toEqual(ramp(0, 2 * RATE));
    expect(sampleAt(ring, indexAt(ring, T + 2_500))).toBeNaN();
  });

  it('forgets what is older than it can hold', () => {
    const ring = createRing(RATE);
    writeBlock(ring, T, ramp(0, RATE));
    writeBlock(ring, T + 60_000, [7]);
    expect(sampleAt(ring, indexAt(ring, T))).toBeNaN();
    expect(extent(ring, indexAt(ring, T), indexAt(ring, T + 61_000))).toEqual([7, 7]);
  });

  it('starts over when the sender sets its clock back', () => {
    const ring = createRing(RATE);
    writeBlock(ring, T, ramp(0, RATE));
    writeBlock(ring, T - 3_600_000, [5]);
    expect(sampleAt(ring, indexAt(ring, T - 3_600_000))).toBe(5);
    expect(sampleAt(ring, indexAt(ring, T))).toBeNaN();
  });

  it('takes a block that is longer than itself', () => {
    const ring = createRing(RATE);
    writeBlock(ring, T, ramp(0, RATE * 60));
    expect(sampleAt(ring, ring.next - 1)).toBe(RATE * 60 - 1);
  });
});

const frame = (time: number, samples: (number | null)[], rate = RATE): WaveFrame => ({
  type: 'wave',
  unit: 'icu',
  bed: 'b1',
  seq: 1,
  waves: { 'ecg-ii': { time, rate, samples } },
});

describe('playback', () => {
  const chosen = (playback: ReturnType<typeof createPlayback>, now: number) =>
    choosePlaying(playback.get('b1'), ['ecg-i', 'ecg-ii'], now);

  it('plays the first signal that has something, until it is stale', () => {
    const playback = createPlayback();
    playFrame(playback, frame(T, ramp(0, RATE)), T + 1_050);
    expect(chosen(playback, T + 1_050)?.id).toBe('ecg-ii');
    expect(chosen(playback, T + 1_000 + WAVE_STALE_AFTER_MS)?.id).toBe('ecg-ii');
    expect(chosen(playback, T + 1_001 + WAVE_STALE_AFTER_MS)).toBeUndefined();
  });

  it('plays nothing while only missing samples come', () => {
    const playback = createPlayback();
    playFrame(playback, frame(T, [null, null]), T);
    expect(chosen(playback, T)).toBeUndefined();
  });

  it('delays a signal enough for its latest block, and never past the age at which it may not be drawn', () => {
    const playback = createPlayback();
    const delayAfter = (latenessMs: number) => {
      playFrame(playback, frame(T, ramp(0, RATE)), T + latenessMs);
      return playback.get('b1')?.get('ecg-ii')?.delayMs;
    };
    expect([1_000, 2_000, 1_000, 60_000].map(delayAfter)).toEqual([1_500, 2_250, 2_250, WAVE_STALE_AFTER_MS]);
  });
});

const width = fc.integer({ min: 8, max: 2_000 });
const steps = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 200 });

describe('sweep', () => {
  it('moves the pen at a constant speed and starts over at the left', () => {
    expect([0, 1_250, 2_500, 4_999.999].map((ms) => Math.round(columnAt(T + ms, 400)))).toEqual([0, 100, 200, 400]);
    expect(columnAt(T + SWEEP_MS, 400)).toBe(0);
  });

  it('cuts time at the wraps without losing any', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 20_000 }), (offset, length) => {
        const spans = cutAtWraps(T + offset, T + offset + length);
        expect(spans.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(length);
        for (const { from, to } of spans) {
          expect(Math.floor(from / SWEEP_MS)).toBe(Math.ceil(to / SWEEP_MS) - 1);
        }
      }),
    );
  });

  it('erases every column once in a sweep, whatever the frame rate', () => {
    fc.assert(
      fc.property(width, steps, (pixels, stepsMs) => {
        const erased = new Array<number>(pixels).fill(0);
        let now = T;
        for (const stepMs of stepsMs) {
          for (const { from, to } of erasedColumns(now, Math.min(now + stepMs, T + SWEEP_MS), pixels)) {
            for (let column = from; column < to; column += 1) erased[column] = (erased[column] ?? 0) + 1;
          }
          now = Math.min(now + stepMs, T + SWEEP_MS);
        }
        for (const { from, to } of erasedColumns(now, T + SWEEP_MS, pixels)) {
          for (let column = from; column < to; column += 1) erased[column] = (erased[column] ?? 0) + 1;
        }
        expect(new Set(erased)).toEqual(new Set([1]));
      }),
    );
  });

  it('keeps the front of the erase bar a bar ahead of the pen', () => {
    fc.assert(
      fc.property(fc.integer({ min: 50, max: 2_000 }), steps, (pixels, stepsMs) => {
        let now = T;
        for (const stepMs of stepsMs) {
          const front = erasedColumns(now, now + stepMs, pixels).at(-1)?.to;
          now += stepMs;
          const ahead = Math.floor(columnAt(now, pixels)) + eraseWidth(pixels);
          if (front !== undefined) expect(front % pixels).toBe(ahead % pixels);
        }
      }),
    );
  });

  it('rests within a column, goes on over the next ones, and starts anew after a jump', () => {
    const column = SWEEP_MS / 100;
    expect(penMove(undefined, T, 100)).toBe('anew');
    expect(penMove(T, T + column - 1, 100)).toBe('rest');
    expect(penMove(T, T + column, 100)).toBe('on');
    expect(penMove(T, T - 5, 100)).toBe('rest');
    expect(penMove(T, T - 500, 100)).toBe('anew');
    expect(penMove(T, T + SWEEP_MS, 100)).toBe('anew');
  });

  it('has a scale that holds what it was made for and does not blow up a flat line', () => {
    const sample = fc.double({ min: -50, max: 50, noNaN: true });
    fc.assert(
      fc.property(sample, sample, fc.double({ min: 0.1, max: 5, noNaN: true }), (a, b, leastSpan) => {
        const range = [Math.min(a, b), Math.max(a, b)] as const;
        const scale = scaleFor(range, leastSpan);
        expect(holds(scale, range)).toBe(true);
        expect(scale.high - scale.low).toBeGreaterThanOrEqual(leastSpan);
        for (const value of range) {
          expect(rowAt(value, scale, 100)).toBeGreaterThanOrEqual(0);
          expect(rowAt(value, scale, 100)).toBeLessThanOrEqual(100);
        }
      }),
    );
    expect(scaleFor([0, 0.02], 1.5).high - scaleFor([0, 0.02], 1.5).low).toBeCloseTo(1.725);
  });

  it('keeps its scale while the signal fits it, and changes it for one that has grown or shrunk', () => {
    const held = scaleFor([0, 2], 1.5);
    expect(refit(held, [0.1, 1.9], 1.5)).toBe(held);
    expect(refit(held, [0, 2.5], 1.5)).toEqual(scaleFor([0, 2.5], 1.5));
    expect(refit(scaleFor([0, 5], 1.5), [0, 2], 1.5)).toEqual(held);
    expect(refit(undefined, [0, 2], 1.5)).toEqual(held);
  });
});
