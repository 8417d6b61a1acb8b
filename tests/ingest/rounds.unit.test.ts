import { expect, test } from 'vitest';
import { createRounds } from '../../ingest/rounds.ts';

const createWork = () => {
  const ends: ((error?: Error) => void)[] = [];
  const ask = createRounds(
    () => new Promise((resolve, reject) => ends.push((error) => (error ? reject(error) : resolve()))),
  );
  return { ask, ends };
};

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('who asks while a round runs gets the next one, and all who do share it', async () => {
  const { ask, ends } = createWork();
  const first = ask();
  const [second, third] = [ask(), ask()];
  expect(ends).toHaveLength(1);
  ends[0]?.();
  await first;
  await turn();
  expect(ends).toHaveLength(2);
  ends[1]?.();
  await Promise.all([second, third]);
  expect(ends).toHaveLength(2);
});

test('a round that fails is told to who asked for it, and the next one is begun all the same', async () => {
  const { ask, ends } = createWork();
  const first = ask();
  const second = ask();
  ends[0]?.(new Error('the database is away'));
  await expect(first).rejects.toThrow('away');
  await turn();
  ends[1]?.();
  await expect(second).resolves.toBeUndefined();
});
