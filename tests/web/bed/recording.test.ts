import { describe, expect, it } from 'vitest';
import type { WaveBlock } from '#contracts/http/waves.ts';
import { blocksWithin, linesOf, rangeOfBlocks } from '../../../web/bed/recording/strips.ts';

const T = 1_800_000_000_000;

const block = (time: number, samples: (number | null)[], rate = 10): WaveBlock => ({
  signal: 'pleth',
  device: 'm1',
  time,
  rate,
  samples,
});

describe('stored waves', () => {
  it('are one line where blocks follow each other, though their stamps wobble', () => {
    const lines = linesOf([block(T, [1, 2]), block(T + 230, [3, 4])], T, T + 1_000);
    expect(lines).toEqual([
      [
        [T, 1],
        [T + 100, 2],
        [T + 230, 3],
        [T + 330, 4],
      ],
    ]);
  });

  it('are never a line across what is missing', () => {
    const hole = linesOf([block(T, [1, 2]), block(T + 500, [3])], T, T + 1_000);
    const missing = linesOf([block(T, [1, null, 3])], T, T + 1_000);
    expect(hole.map((line) => line.length)).toEqual([2, 1]);
    expect(missing.map((line) => line.length)).toEqual([1, 1]);
  });

  it('end where the stretch ends', () => {
    const blocks = [block(T - 100, [1, 2, 3]), block(T + 5_000, [4])];
    expect(linesOf(blocks, T, T + 100)).toEqual([[[T, 2]]]);
    expect(blocksWithin(blocks, T, T + 100)).toHaveLength(1);
  });

  it('have a range only when there is a sample', () => {
    expect(rangeOfBlocks([block(T, [null, -1, 5])])).toEqual([-1, 5]);
    expect(rangeOfBlocks([block(T, [null])])).toBeUndefined();
  });
});
