import { describe, expect, it } from 'vitest';
import { createRandom } from '../../simulators/random.ts';

const draw = (count: number, next: () => number) => Array.from({ length: count }, next);

describe('seeded randomness', () => {
  it('gives the same numbers for the same seed and others for another', () => {
    const numbers = draw(100, createRandom(7).next);
    expect(draw(100, createRandom(7).next)).toEqual(numbers);
    expect(draw(100, createRandom(8).next)).not.toEqual(numbers);
  });

  it('is uniform from 0 to 1, and normal with mean 0 and deviation 1', () => {
    const random = createRandom(1);
    const uniform = draw(20_000, random.next);
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniform)).toBeLessThan(1);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(uniform)).toBeCloseTo(0.5, 1);
    const normal = draw(20_000, random.normal);
    expect(mean(normal)).toBeCloseTo(0, 1);
    expect(mean(normal.map((value) => value ** 2))).toBeCloseTo(1, 1);
  });

  it('forks streams that neither disturb each other nor depend on how much was drawn', () => {
    const used = createRandom(3);
    draw(50, used.next);
    expect(used.fork('heart').next()).toBe(createRandom(3).fork('heart').next());
    expect(createRandom(3).fork('heart').next()).not.toBe(createRandom(3).fork('breathing').next());
  });
});
