import { expect, test } from 'vitest';
import { FIRST_PACE, paceAfter, UNHURRIED } from '../../../ingest/writer/pace.ts';

const MIB = 2 ** 20;

test('while little comes, a backlog is moved in small batches, with a rest as long as the work', () => {
  const { restMs, batchBytes } = paceAfter({ tookMs: 20, movedBytes: MIB, cameBytes: 0, quietMs: 100 });
  expect(restMs).toBe(20);
  expect(batchBytes).toBeLessThan(UNHURRIED.batchBytes);
});

test('while nearly as much comes as is moved, it goes on without a rest, in large batches', () => {
  const { restMs, batchBytes } = paceAfter({ tookMs: 50, movedBytes: MIB, cameBytes: 0.9 * MIB, quietMs: 0 });
  expect(restMs).toBe(0);
  expect(batchBytes).toBe(UNHURRIED.batchBytes);
});

test('where nothing comes any more, nobody is spared: it goes on without a rest, in large batches', () => {
  expect(paceAfter({ tookMs: 50, movedBytes: MIB, cameBytes: 0, quietMs: 1_000 })).toEqual(UNHURRIED);
});

test.each([
  ['while little comes', { cameBytes: 0, quietMs: 100 }],
  ['while much comes', { cameBytes: MIB, quietMs: 0 }],
  ['where nothing comes any more', { cameBytes: 0, quietMs: 1_000 }],
])('a new session begins with a small batch, and none is larger than two of the last: %s', (_, coming) => {
  const sizes = [FIRST_PACE.batchBytes];
  for (let movedBytes = FIRST_PACE.batchBytes; sizes.length < 8; sizes.push(movedBytes)) {
    movedBytes = paceAfter({ tookMs: 20, movedBytes, ...coming }).batchBytes;
  }
  for (const [index, size] of sizes.entries()) expect(sizes[index + 1] ?? size).toBeLessThanOrEqual(2 * size);
  expect(sizes.at(-1)).toBe(sizes.at(-2));
  expect(sizes[1]).toBeGreaterThan(FIRST_PACE.batchBytes);
});

/** The seconds until a backlog is gone, with a database that moves so many bytes a second, or infinity. */
const secondsToCatchUp = (backlogBytes: number, { comeS, moveS }: { comeS: number; moveS: number }): number => {
  let left = backlogBytes;
  let elapsedMs = 0;
  for (let pace = FIRST_PACE; left > FIRST_PACE.batchBytes; ) {
    if (elapsedMs > 600_000) return Number.POSITIVE_INFINITY;
    const movedBytes = Math.min(left, pace.batchBytes);
    const tookMs = (movedBytes / moveS) * 1_000;
    pace = paceAfter({ tookMs, movedBytes, cameBytes: (comeS * tookMs) / 1_000, quietMs: 0 });
    const cycleMs = tookMs + pace.restMs;
    left += (comeS * cycleMs) / 1_000 - movedBytes;
    elapsedMs += cycleMs;
  }
  return elapsedMs / 1_000;
};

test.each([
  ['1,000 beds', 0.2 * MIB, 4 * MIB],
  ['10,000 beds', 2 * MIB, 5 * MIB],
  ['10,000 beds, with a database that is hardly fast enough', 2 * MIB, 2.5 * MIB],
])('a minute without the database is made up for in less than two when it can be: %s', (_, comeS, moveS) => {
  const fastest = (60 * comeS) / (moveS - comeS);
  expect(secondsToCatchUp(60 * comeS, { comeS, moveS })).toBeLessThan(Math.max(120, fastest * 1.1));
});
