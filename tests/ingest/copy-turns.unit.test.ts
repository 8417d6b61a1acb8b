import { expect, test } from 'vitest';
import { createCopyTurns } from '../../ingest/copy-turns.ts';

/** How many of so many batches are tried, when `areNew` says what comes of a try. */
const triesOf = (batches: number, areNew: (batch: number) => boolean): number => {
  const turns = createCopyTurns();
  let tries = 0;
  for (let batch = 0; batch < batches; batch++) {
    if (turns.isNext(BigInt(batch))) {
      tries++;
      turns.tried(areNew(batch));
    }
    turns.wrote(BigInt(batch));
  }
  return tries;
};

test('while all is new each batch is tried', () => {
  expect(triesOf(1_000, () => true)).toBe(1_000);
});

test('a device that repeats itself in every batch costs few tries, and when it stops each batch is tried again', () => {
  expect(triesOf(1_000, () => false)).toBeLessThan(25);
  expect(triesOf(2_000, (batch) => batch > 1_000)).toBeGreaterThan(850);
});

test('what was written before is not tried, and the first that was not is', () => {
  const turns = createCopyTurns();
  turns.wrote(20n);
  turns.wrote(10n);
  expect(turns.isNext(20n)).toBe(false);
  expect(turns.isNext(21n)).toBe(true);
});
