import { expect, test } from 'vitest';
import { createStationClock } from '../../ingest/station-clock.ts';

/** The clock of the station that is put forward or back between two times at which it is asked. */

const createStepped = () => {
  let elapsedMs = 5_000;
  let leadMs = 1_700_000_000_000;
  const steps: { byMs: number; fromMs: number }[] = [];
  const clock = createStationClock({
    clock: { now: () => elapsedMs + leadMs, elapsed: () => elapsedMs },
    onStep: (byMs, fromMs) => steps.push({ byMs, fromMs }),
  });
  return {
    clock,
    steps,
    pass(ms: number) {
      elapsedMs += ms;
    },
    put(byMs: number) {
      leadMs += byMs;
    },
  };
};

test.each([40_000, -40_000, 3_600_000])(
  'a step of %i ms is told once, from before anything that arrived after it, however long nobody asked',
  (byMs) => {
    const { clock, steps, pass, put } = createStepped();
    const asked = clock.now();
    pass(20);
    put(byMs);
    // A message arrives, waits for its turn, and only then is the clock asked.
    const receivedAt = asked + 20 + byMs;
    pass(7);
    expect(clock.now()).toBe(receivedAt + 7);
    expect(steps).toEqual([{ byMs, fromMs: asked + byMs }]);
    expect(steps[0]?.fromMs).toBeLessThanOrEqual(receivedAt);
    clock.now();
    expect(steps).toHaveLength(1);
  },
);

test('what a time server corrects all day is no step', () => {
  const { clock, steps, pass, put } = createStepped();
  for (let hour = 0; hour < 24; hour++) {
    pass(3_600_000);
    put(hour % 2 === 0 ? 400 : -400);
    clock.now();
  }
  expect(steps).toEqual([]);
});
