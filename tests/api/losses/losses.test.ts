import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { json, startRegistry, type TestRegistry } from '../support/registry.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry?.stop());

describe('what was lost', () => {
  it('is listed: refused messages and gaps', async () => {
    await registry.database.pool.query(
      `insert into rejected_messages values
       (gen_random_uuid(), 1, now(), 'ward/v1/icu/m/vitals', 'm', 'vital-unknown', 'no vital pulse', '\\x7b7d', 2)`,
    );
    await registry.database.pool.query(
      `insert into gaps values ('m', 'vitals', 'b1', 5, 7, '{[5,6),[7,8)}', now(), null)`,
    );
    expect(await json(registry.api.ask('/api/v1/rejected?limit=5'))).toMatchObject([
      { device: 'm', reason: 'vital-unknown', payload: Buffer.from('{}').toString('base64'), payloadBytes: 2 },
    ]);
    expect(await json(registry.api.ask('/api/v1/gaps?device=m&open=true'))).toMatchObject([
      { fromSeq: 5, toSeq: 7, missing: 2 },
    ]);
    expect(await json(registry.api.ask('/api/v1/gaps?open=false'))).toEqual([]);
  });

  it('of one device alone, when one is named', async () => {
    for (const device of ['m1', 'm2']) {
      await registry.database.pool.query(
        `insert into rejected_messages values
         (gen_random_uuid(), 1, now(), 'ward/v1/icu/x/vitals', $1, 'vital-unknown', 'no vital pulse', '', 0)`,
        [device],
      );
    }
    expect(await json(registry.api.ask('/api/v1/rejected?device=m2'))).toMatchObject([{ device: 'm2' }]);
    expect(await json(registry.api.ask('/api/v1/rejected?device=m3'))).toEqual([]);
  });
});
