import { afterEach, describe, expect, it } from 'vitest';
import { FateEvent, type MessageFate } from '#contracts/http/message-fate.ts';
import type { DeviceWatch } from '#contracts/ports/device-watch.ts';
import { eventually } from '../../support/eventually.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { RHYTHM } from '../support/rhythm.ts';

/** The fates of messages as a stream, how often a device is heard, and where it connects. */

const FATE: MessageFate = {
  at: 4_000,
  topic: 'ward/v1/icu/m1/vitals',
  channel: 'vitals',
  qos: 1,
  bytes: 40,
  isRepeat: false,
  isStored: true,
  bed: 'icu-01',
  boot: 'b1',
  seq: 4,
  time: 4_000,
  messages: 1,
  taken: 1,
  late: 0,
  vitals: [{ id: 'heart-rate', value: 72, unit: '/min' }],
  waves: [],
  status: null,
  refused: 0,
  faults: [],
};

const createWatch = () => {
  const listeners = new Set<(fate: MessageFate) => void>();
  const deviceWatch: DeviceWatch = {
    rhythm: async (device) => (device === 'm1' ? RHYTHM : undefined),
    follow(_device, listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const tell = (fate: Partial<MessageFate> = {}): void => {
    for (const listener of listeners) listener({ ...FATE, ...fate });
  };
  return { deviceWatch, tell, followers: () => listeners.size };
};

let api: TestApi;
afterEach(() => api?.stop());

const follow = async (path = '/api/v1/devices/m1/messages', role: 'operator' | 'viewer' = 'operator') => {
  const leaving = new AbortController();
  const response = await fetch(`${api.url}${path}`, {
    headers: await api.authorization(role),
    signal: leaving.signal,
  });
  let text = '';
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
  })().catch(() => undefined);
  const events = (): FateEvent[] =>
    [...text.matchAll(/^data: (.*)$/gm)].map(([, json = '']) => FateEvent.parse(JSON.parse(json)));
  return { response, events, reading, leave: () => leaving.abort() };
};

describe('the stream of a device', () => {
  it('has the fate of each message, and ends for the station when who follows leaves', async () => {
    const watch = createWatch();
    api = await startApi(watch);
    const stream = await follow();
    expect(stream.response.status).toBe(200);
    expect(stream.response.headers.get('content-type')).toContain('text/event-stream');
    expect(stream.response.headers.get('cache-control')).toBe('no-store');
    watch.tell();
    watch.tell({ seq: 5 });
    await eventually(() =>
      expect(stream.events()).toEqual([
        { type: 'message', fate: FATE },
        { type: 'message', fate: { ...FATE, seq: 5 } },
      ]),
    );
    stream.leave();
    await eventually(() => expect(watch.followers()).toBe(0));
  });

  it('is for operators, and of a registered device', async () => {
    const watch = createWatch();
    api = await startApi(watch);
    expect((await follow(undefined, 'viewer')).response.status).toBe(403);
    expect((await api.ask('/api/v1/devices/m1/messages', { role: 'nobody' })).status).toBe(401);
    expect((await api.ask('/api/v1/devices/m2/messages')).status).toBe(404);
    expect(watch.followers()).toBe(0);
  });

  it('is bounded in number', async () => {
    const watch = createWatch();
    api = await startApi(watch);
    const streams = await Promise.all(Array.from({ length: 16 }, () => follow()));
    const refused = await api.ask('/api/v1/devices/m1/messages');
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ type: 'urn:wardwatch:problem:busy' });
    streams[0]?.leave();
    await eventually(() => expect(watch.followers()).toBe(15));
    const again = await follow();
    expect(again.response.status).toBe(200);
    for (const { leave } of [...streams, again]) leave();
  });

  it('tells how much was left out for one that does not read', async () => {
    const watch = createWatch();
    api = await startApi(watch);
    const stream = await follow();
    const detail = 'x'.repeat(20_000);
    // All of it in one turn, in which nothing can be read.
    for (let seq = 0; seq < 200; seq++) watch.tell({ seq, faults: [{ reason: 'value-invalid', detail }] });
    await eventually(() => {
      watch.tell({ seq: 200 });
      expect(stream.events().some(({ type }) => type === 'skipped')).toBe(true);
    });
    const events = stream.events();
    const skipped = events.reduce((total, event) => total + (event.type === 'skipped' ? event.count : 0), 0);
    const told = events.filter((event) => event.type === 'message' && (event.fate.seq ?? 200) < 200).length;
    expect(told).toBeLessThan(100);
    expect(told + skipped).toBeGreaterThanOrEqual(200);
    stream.leave();
  });

  it('ends when the station stops', async () => {
    const watch = createWatch();
    api = await startApi(watch);
    const stream = await follow();
    await api.stop();
    await stream.reading;
    expect(watch.followers()).toBe(0);
  });
});

it('how often a device is heard is read by any role, with the database away', async () => {
  api = await startApi(createWatch());
  const response = await api.ask('/api/v1/devices/m1/rhythm', { role: 'viewer' });
  expect(await response.json()).toEqual(RHYTHM);
  expect((await api.ask('/api/v1/devices/m2/rhythm')).status).toBe(404);
});

it('where devices connect is told', async () => {
  api = await startApi({ mqttPorts: { port: 1884, tlsPort: 8884 } });
  const answer = await (await api.ask('/api/v1/mqtt', { role: 'viewer' })).json();
  expect(answer).toEqual({ port: 1884, tlsPort: 8884, webSocketPath: '/mqtt' });
});
