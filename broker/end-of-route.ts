import type { Aedes, Client, PublishPacket } from 'aedes';

type Done = (error?: Error | null) => void;

// Aedes calls its own publish with the client (lib/aedes.js), which its types leave out.
type Publish = (packet: PublishPacket, clientOrDone: Client | Done | null, done?: Done) => void;

/**
 * What a client publishes ends with us: ingest has taken it in `authorizePublish`, nobody may subscribe to it, and on
 * its way through the emitter it would wait for every slow subscriber of something else.
 */
export const endClientPublications = (aedes: Aedes): void => {
  const publish = aedes.publish.bind(aedes) as unknown as Publish;
  const ended: Publish = (packet, clientOrDone, done) => {
    if (clientOrDone === null || typeof clientOrDone === 'function') publish(packet, clientOrDone, done);
    else done?.(null);
  };
  Object.assign(aedes, { publish: ended });
};
