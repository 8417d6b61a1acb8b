import { describe, expect, it } from 'vitest';
import type { Problem } from '#contracts/http/problem.ts';
import { refusalOf } from '../../../web/shell/refusal.ts';

const problem: Problem = {
  type: 'urn:wardwatch:problem:invalid',
  title: 'Bad Request',
  status: 400,
  detail: 'these settings make no sense',
  faults: [
    { in: 'body', at: '/overrides', message: 'low 90 is above high 80' },
    { in: 'body', at: '/reason', message: 'a reason is missing' },
  ],
};

describe('a refusal', () => {
  it('tells every fault of the problem that the station answered', async () => {
    expect(await refusalOf(Response.json(problem, { status: 400 }))).toEqual({
      isOk: false,
      reason: 'invalid',
      detail: 'these settings make no sense',
      faults: ['low 90 is above high 80', 'a reason is missing'],
    });
  });

  it.each([
    { what: 'no JSON', body: '<h1>Bad gateway</h1>' },
    { what: 'JSON that is no problem', body: '["no"]' },
    { what: 'nothing', body: '' },
  ])('of a proxy that answers $what goes by the status alone', async ({ body }) => {
    const nothingTold = { isOk: false, detail: '', faults: [] };
    expect(await refusalOf(new Response(body, { status: 503 }))).toEqual({ ...nothingTold, reason: 'away' });
    expect(await refusalOf(new Response(body, { status: 502 }))).toEqual({ ...nothingTold, reason: 'unreachable' });
  });
});
