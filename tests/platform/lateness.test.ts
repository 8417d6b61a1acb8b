import { afterEach, expect, test } from 'vitest';
import { createLateness } from '#platform/lateness.ts';

const lateness = createLateness();
afterEach(lateness.stop);

const workWithoutPause = (ms: number): void => {
  for (const until = performance.now() + ms; performance.now() < until; );
};

test('an event loop that is kept from what is due is late, and one that is not is on time again', async () => {
  expect(lateness.lookMs()).toBe(0);
  const workAndLook = (): number => {
    workWithoutPause(60);
    return lateness.lookMs();
  };
  await expect.poll(workAndLook, { interval: 1, timeout: 10_000 }).toBeGreaterThan(20);
  const late = lateness.lookMs();
  await expect.poll(() => lateness.lookMs(), { timeout: 10_000 }).toBeLessThan(late);
});
