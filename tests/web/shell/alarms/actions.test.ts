import { describe, expect, it } from 'vitest';
import { createAlarmActions, worstAnswer } from '../../../../web/shell/alarms/actions.ts';

const setUp = (reply: () => Promise<Response>) => {
  const asked: { path: string; method: string | undefined; body: unknown; type: string | null }[] = [];
  const actions = createAlarmActions((path, init) => {
    const body = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined;
    const type = new Headers(init?.headers).get('content-type');
    asked.push({ path: String(path), method: init?.method, body, type });
    return reply();
  });
  return { actions, asked };
};

const answering = (status: number) => setUp(async () => new Response(null, { status }));

describe('what is asked of the station', () => {
  it('is no longer a pause than the site allows', async () => {
    const { actions, asked } = setUp(async () => Response.json({ maxPauseMs: 60_000 }));
    expect(await actions.pauseAudio('bed 1')).toBe('done');
    expect(asked.map(({ path }) => path)).toEqual([
      '/api/v1/beds/bed%201/alarm-settings',
      '/api/v1/beds/bed%201/inactivations',
    ]);
    expect(asked[1]?.body).toEqual({ what: 'audio-paused', durationMs: 60_000 });
  });

  it('goes to the alarm or the bed that is meant, with a body only where there is one', async () => {
    const { actions, asked } = answering(204);
    await actions.acknowledge('icu/1 a');
    await actions.resetAlarm('a');
    await actions.resetBed('bed-1');
    await actions.pauseAudio('bed-1');
    expect(asked).toEqual([
      { path: '/api/v1/alarms/icu%2F1%20a/acknowledge', method: 'POST', body: undefined, type: null },
      { path: '/api/v1/alarms/a/reset', method: 'POST', body: undefined, type: null },
      { path: '/api/v1/beds/bed-1/alarms/reset', method: 'POST', body: undefined, type: null },
      { path: '/api/v1/beds/bed-1/alarm-settings', method: undefined, body: undefined, type: null },
      {
        path: '/api/v1/beds/bed-1/inactivations',
        method: 'POST',
        body: { what: 'audio-paused', durationMs: 120_000 },
        type: 'application/json',
      },
    ]);
  });

  it.each([
    [200, 'done'],
    [204, 'done'],
    [401, 'forbidden'],
    [403, 'forbidden'],
    [404, 'gone'],
    [400, 'refused'],
    [409, 'refused'],
    [500, 'failed'],
    [503, 'failed'],
  ])('answered with %i is %s', async (status, answer) => {
    expect(await answering(status).actions.acknowledge('a')).toBe(answer);
  });

  it('that nobody answered has failed', async () => {
    const { actions } = setUp(() => Promise.reject(new TypeError('no network')));
    expect(await actions.resetBed('bed-1')).toBe('failed');
  });

  it('is told by the worst of several answers', () => {
    expect(worstAnswer(['done', 'failed', 'gone'])).toBe('failed');
    expect(worstAnswer(['done', 'done'])).toBe('done');
  });
});
