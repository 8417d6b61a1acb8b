import { expect, test } from 'vitest';
import { createLiveFeed } from '../../../ingest/live/feed.ts';
import { indexRegistry, type RegistryData } from '../../../ingest/registry.ts';
import { describeWardFeed } from '../../contracts/ports/ward-feed.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const registryOf = (beds: readonly string[]): RegistryData => ({
  ...indexRegistry().data,
  units: [{ id: 'icu', name: 'Intensive care' }],
  beds: beds.map((id) => ({ id, unit: 'icu', label: id })),
});

const TICK_MS = 100;

const createFeed = () => {
  const clock = createFakeClock();
  const { live, feed } = createLiveFeed({ tickMs: TICK_MS, clock, onError: () => undefined });
  live.setRegistry(indexRegistry(registryOf(['bed-1'])));
  live.start();
  return { clock, live, feed };
};

describeWardFeed('of a station', async () => {
  const { clock, live, feed } = createFeed();
  return {
    feed,
    async change() {
      live.vitals('bed-1', clock.now(), [{ mdc: 147842, value: 70, quality: 0 }]);
      clock.advance(TICK_MS);
    },
    changeRoster: async () => live.setRegistry(indexRegistry(registryOf(['bed-1', 'bed-2']))),
  };
});

test('each life of a station has an epoch of its own', async () => {
  const [one, other] = [createFeed(), createFeed()];
  const epochs = await Promise.all([one, other].map(async ({ feed }) => (await feed.snapshot('icu'))?.epoch));
  expect(new Set(epochs).size).toBe(2);
});
