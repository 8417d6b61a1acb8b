import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { createTestStation } from '../support/station.ts';

test('a station that cannot write station.json, as on a full disk, starts all the same', async () => {
  const database = await createTestDatabase();
  const station = await createTestStation({ databaseUrl: database.url });
  try {
    await mkdir(join(station.dataDir, 'station.json'));
    const { http } = await station.start();
    expect((await fetch(`${http}/health/ready`)).status).toBe(200);
    expect(await station.terminate()).toBe(0);
  } finally {
    await station.dispose();
    await database.drop();
  }
});
