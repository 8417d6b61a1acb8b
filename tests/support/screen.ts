import { once } from 'node:events';
import { WebSocket } from 'ws';
import { type ServerFrame, ServerFrame as ServerFrameSchema } from '#contracts/live.ts';
import type { TestStation } from './station.ts';

/** A screen without a picture: it joins the live socket of a station and remembers every frame. */
export type TestScreen = {
  readonly frames: readonly ServerFrame[];
  readonly isOpen: () => boolean;
  readonly close: () => void;
};

export const openScreen = async (
  station: TestStation,
  subscription: { units: string[]; waves?: string[] },
): Promise<TestScreen> => {
  const url = `${station.addresses().http.replace('http', 'ws')}/api/v1/live`;
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${await station.token('viewer')}` } });
  const frames: ServerFrame[] = [];
  socket.on('message', (data) => frames.push(ServerFrameSchema.parse(JSON.parse(String(data)))));
  socket.on('error', () => undefined);
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'subscribe', ...subscription }));
  return { frames, isOpen: () => socket.readyState === WebSocket.OPEN, close: () => socket.terminate() };
};
