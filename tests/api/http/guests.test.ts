import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Refusal } from '#contracts/http/refusals.ts';
import { startApi, type TestApi } from '../support/api.ts';

/** Connections have an owner, and one owner leaves room for the others. */

let api: TestApi;
const agents: Agent[] = [];
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.destroy();
  await api?.stop();
});

/** Asks on a connection of its own, which stays open. */
const askAlone = async (role: 'viewer' | 'operator'): Promise<number | undefined> => {
  const agent = new Agent({ keepAlive: true });
  agents.push(agent);
  const asked = request(`${api.url}/api/v1/session`, { agent, headers: await api.authorization(role) });
  asked.end();
  const [response]: IncomingMessage[] = await once(asked, 'response');
  response?.resume();
  return response?.statusCode;
};

test('one name cannot take all connections: it is told so, and another gets in', async () => {
  api = await startApi({ maxConnections: 5 });
  const answers: (number | undefined)[] = [];
  for (let count = 0; count < 5; count++) answers.push(await askAlone('viewer'));
  expect(answers).toEqual([200, 200, 200, 200, 503]);
  expect(await askAlone('operator')).toBe(200);
  expect(await askAlone('operator')).toBe(503);
  agents[0]?.destroy();
  await expect.poll(() => askAlone('operator')).toBe(200);
});

test('one name cannot open screens without end: the last is told so, and another gets in', async () => {
  api = await startApi({ live: { tickMs: 20, maxBufferedBytes: 8 * 2 ** 20, maxScreensPerName: 2 } });
  const join = async (role: 'viewer' | 'operator') => {
    const socket = new WebSocket(`${api.url.replace('http', 'ws')}/api/v1/live`, {
      headers: await api.authorization(role),
    });
    const [first] = await Promise.race([once(socket, 'message'), once(socket, 'close')]);
    return { socket, code: typeof first === 'number' ? first : undefined };
  };
  const first = await join('viewer');
  await join('viewer');
  expect((await join('viewer')).code).toBe(1_013);
  expect((await join('operator')).code).toBeUndefined();
  first.socket.close();
  await expect.poll(async () => (await join('viewer')).code).toBeUndefined();
});

test('what a device was refused, and what others were, can be read', async () => {
  const refusal = (name: string): Refusal => ({
    reason: 'bad-credentials',
    name,
    address: '10.0.0.7',
    detail: 'bad user name or password',
    count: 3,
    firstAt: 1,
    lastAt: 2,
  });
  const refusals = { ofDevice: (device: string) => [refusal(device)], ofOthers: () => [refusal('nobody')] };
  api = await startApi({ refusals });
  const read = async (path: string) => (await api.ask(`/api/v1/${path}`, { role: 'viewer' })).json();
  expect(await read('devices/m1/refusals')).toEqual([refusal('m1')]);
  expect(await read('refusals')).toEqual([refusal('nobody')]);
});
