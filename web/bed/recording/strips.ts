import type { WaveBlock } from '#contracts/http/waves.ts';

/** Stored samples as lines. Times epoch milliseconds, widths and heights pixels. */

export type Range = readonly [low: number, high: number];

/** Least and greatest sample; undefined when there is none. */
export const rangeOfBlocks = (blocks: readonly WaveBlock[]): Range | undefined => {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { samples } of blocks) {
    for (const sample of samples) {
      if (sample === null) continue;
      if (sample < low) low = sample;
      if (sample > high) high = sample;
    }
  }
  return low <= high ? [low, high] : undefined;
};

export const endOf = ({ time, rate, samples }: WaveBlock): number => time + (samples.length / rate) * 1_000;

/** Those with a sample in [fromMs, toMs). */
export const blocksWithin = (blocks: readonly WaveBlock[], fromMs: number, toMs: number): readonly WaveBlock[] =>
  blocks.filter((block) => block.time < toMs && endOf(block) > fromMs);

export type Dot = readonly [ms: number, value: number];

/** Blocks that follow each other closely are one line: their stamps wobble by network and rounding. */
const JOIN_MS = 80;

/** Unbroken lines of samples in [fromMs, toMs). A missing sample, or a hole between blocks, ends a line. */
export const linesOf = (blocks: readonly WaveBlock[], fromMs: number, toMs: number): readonly (readonly Dot[])[] => {
  const lines: Dot[][] = [];
  let line: Dot[] = [];
  let endMs = Number.NEGATIVE_INFINITY;
  const lift = (): void => {
    if (line.length > 0) lines.push(line);
    line = [];
  };
  for (const block of blocksWithin(blocks, fromMs, toMs).toSorted((a, b) => a.time - b.time)) {
    if (block.time - endMs > JOIN_MS) lift();
    block.samples.forEach((sample, place) => {
      const ms = block.time + (place / block.rate) * 1_000;
      if (ms < fromMs || ms >= toMs) return;
      if (sample === null) lift();
      else line.push([ms, sample]);
    });
    endMs = endOf(block);
  }
  lift();
  return lines;
};
