import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Gap, MAX_RUNS_OF_A_GAP, observeSeq, type Stream } from '../../ingest/gaps.ts';

const observeAll = (seqs: readonly number[]): { stream: Stream; gaps: Map<number, Gap> } => {
  const gaps = new Map<number, Gap>();
  let stream: Stream | undefined;
  for (const seq of seqs) {
    const observed = observeSeq(stream, seq, 0, true);
    stream = observed.stream;
    for (const gap of observed.changed) gaps.set(gap.from, gap);
  }
  if (!stream) throw new Error('nothing observed');
  return { stream, gaps };
};

const missingIn = (gaps: Iterable<Gap>): number[] =>
  [...gaps].flatMap((gap) =>
    gap.remaining.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index)),
  );

test('whatever the order, repetitions and losses, what remains is exactly what did not arrive', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 200 }), (seqs) => {
      const first = seqs[0] ?? 0;
      const { gaps } = observeAll(seqs);
      const arrived = new Set(seqs);
      const expected = Array.from({ length: Math.max(...seqs) - first + 1 }, (_, index) => first + index).filter(
        (seq) => !arrived.has(seq),
      );
      expect(missingIn(gaps.values()).sort((left, right) => left - right)).toEqual(expected);
    }),
  );
});

test('a sequence without a break opens nothing', () => {
  expect(observeAll([5, 6, 7, 8]).gaps.size).toBe(0);
});

test('a gap that is filled from its middle keeps its place and shrinks until nothing is left', () => {
  const { gaps, stream } = observeAll([0, 5, 3, 2, 1, 4]);
  expect([...gaps.values()]).toEqual([{ from: 1, to: 4, openedAt: 0, remaining: [] }]);
  expect(stream).toEqual({ lastSeq: 5, gaps: [] });
});

test('repeated numbers change nothing', () => {
  const { stream } = observeAll([1, 2, 3]);
  expect(observeSeq(stream, 2, 0, true)).toEqual({ stream, changed: [] });
});

test('a sender without boots that counts from the beginning has started anew', () => {
  const { stream } = observeAll([100, 101]);
  expect(observeSeq(stream, 0, 0, false).stream.lastSeq).toBe(0);
  expect(observeSeq(stream, 0, 0, true).stream.lastSeq).toBe(101);
});

test('a gap that every second number splits stays in bounds, and what is not watched any more stays missing', () => {
  const { stream } = observeAll([0, 1_000_000, ...Array.from({ length: 10_000 }, (_, index) => 2 * (index + 1))]);
  expect(stream.gaps[0]?.remaining.length).toBe(MAX_RUNS_OF_A_GAP);
  expect(stream.gaps[0]?.remaining.at(-1)?.to).toBe(999_999);
});
