import { afterAll, beforeAll, expect, test } from 'vitest';
import { readByCursor } from '#platform/cursor.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

const numbers = (until: number) => ({ text: 'select n from generate_series(1, $1::int) as n', values: [until] });

test('rows of one query after another come in pages, and the connection is given back', async () => {
  const sizes: number[] = [];
  for await (const rows of readByCursor(database.pool, [numbers(5), numbers(2)], 3)) sizes.push(rows.length);
  expect(sizes).toEqual([3, 2, 0, 2, 0]);
  expect(database.pool).toMatchObject({ totalCount: 1, idleCount: 1 });
});

test('who stops asking gives the connection back as good as before', async () => {
  for await (const rows of readByCursor(database.pool, [numbers(100_000)], 10)) {
    expect(rows[0]).toEqual([1]);
    break;
  }
  expect((await database.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  expect(database.pool).toMatchObject({ totalCount: 1, idleCount: 1 });
});

test('a query that fails rejects, and its connection is not used again', async () => {
  const reading = async () => {
    for await (const _ of readByCursor(
      database.pool,
      [{ text: 'select 1 / (3 - n) from generate_series(1, 5) as n', values: [] }],
      1,
    ));
  };
  await expect(reading()).rejects.toThrow('division by zero');
  expect(database.pool.totalCount).toBe(0);
});
