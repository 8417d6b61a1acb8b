import { Aedes, type Client } from 'aedes';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepThinReceipts } from '../../broker/thin-receipts.ts';

type Stored = { readonly messageId: number; readonly payload: unknown };
type Receipts = {
  incomingStorePacket: (client: Client, packet: object) => Promise<void>;
  incomingGetPacket: (client: Client, packet: { messageId: number }) => Promise<Stored>;
};

const CLIENT = { id: 'm1' } as Client;
const PACKET = { cmd: 'publish', messageId: 7, qos: 2, topic: 'ward/v1/icu/m1/vitals', payload: Buffer.alloc(1_000) };

let aedes: Aedes;
let receipts: Receipts;

beforeEach(async () => {
  aedes = new Aedes();
  await aedes.listen();
  keepThinReceipts(aedes);
  receipts = (aedes as unknown as { persistence: Receipts }).persistence;
});

afterEach(() => new Promise<void>((resolve) => aedes.close(resolve)));

test('of a QoS 2 message that is not released only the number is kept', async () => {
  await receipts.incomingStorePacket(CLIENT, PACKET);
  const kept = await receipts.incomingGetPacket(CLIENT, { messageId: 7 });
  expect(kept.messageId).toBe(7);
  expect(kept.payload).toHaveLength(0);
});

test('and nothing of it once its connection ends', async () => {
  await receipts.incomingStorePacket(CLIENT, PACKET);
  aedes.emit('clientDisconnect', CLIENT);
  await expect.poll(() => receipts.incomingGetPacket(CLIENT, { messageId: 7 }).catch(() => 'gone')).toBe('gone');
});
