import type { Aedes } from 'aedes';
import { internalsOf } from './aedes-internals.ts';

/**
 * Between PUBREC and PUBREL Aedes keeps the whole message, a thousand of them for each client id and for ever, to know
 * the second one when it comes: a device that leaves PUBREL out filled 3 GB in twenty seconds. The message is stored by
 * then and its number is all that is needed, for as long as the connection lives: redelivery is harmless. To be called
 * once Aedes listens, because only then has it a persistence.
 */
export const keepThinReceipts = (aedes: Aedes): void => {
  const { persistence } = internalsOf(aedes);
  const store = persistence.incomingStorePacket.bind(persistence);
  persistence.incomingStorePacket = (client, packet) => store(client, { ...packet, topic: '', payload: '' });
  aedes.on('clientDisconnect', (client) => void persistence.cleanIncoming(client));
};
