import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { wireFrame } from '../../../api/live/wire-frame.ts';

let server: WebSocketServer;
afterEach(async () => {
  for (const client of server.clients) client.terminate();
  await new Promise((resolve) => server.close(resolve));
});

it('a client reads every text as it was, of any length, beside what ws itself sends', async () => {
  const texts = [0, 1, 125, 126, 127, 65_535, 65_536, 1_000_000].map((length) => 'a'.repeat(length));
  // Told in bytes, not in characters: 42 of these are 126 bytes.
  texts.push('床'.repeat(41), '床'.repeat(42), '床'.repeat(21_845), '床'.repeat(21_846));
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket, { socket: link }) => {
    for (const text of texts) {
      link.write(wireFrame(text).bytes);
      socket.send('between');
    }
    socket.close(1000);
  });
  await once(server, 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const received: string[] = [];
  client.on('message', (data, isBinary) => received.push(isBinary ? 'binary' : String(data)));
  const [code] = await once(client, 'close');
  expect(code).toBe(1000);
  expect(received).toEqual(texts.flatMap((text) => [text, 'between']));
});
