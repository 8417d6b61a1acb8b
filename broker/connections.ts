import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Aedes, Client } from 'aedes';
import { createAcknowledgements } from './acknowledgements.ts';
import { internalsOf } from './aedes-internals.ts';
import type { Hold } from './hold.ts';
import { identityOf, ownerOf } from './identity.ts';
import { createLane } from './lane.ts';
import { linkOf, setLink } from './links.ts';
import { guardPackets } from './packet-guard.ts';
import type { Publications } from './publications.ts';
import type { Throttle } from './throttle.ts';
import { createNoteOnce, type Note } from './traces.ts';

/** Hands a connection to Aedes, with bounds on what may be gathered of it. `stream` is what is read, `socket` what is under it. */
export type Handle = (stream: Duplex, socket: Socket) => Client;

/** An integration publishes nothing. */
const MAX_PUBLISH_OF_INTEGRATION_BYTES = 64 * 1_024;

/** Counts what is being received of an unfinished packet with its owner. Before it has one, CONNECT's own bound holds. */
const createGathering = (client: Client, hold: Hold): ((bytes: number) => boolean) => {
  let gathered = 0;
  let owner = '';
  return (bytes) => {
    if (bytes === gathered) return true;
    const identity = identityOf(client);
    owner ||= identity ? ownerOf(identity) : '';
    if (owner === '') return true;
    if (!hold.gather(owner, bytes - gathered)) return false;
    gathered = bytes;
    return true;
  };
};

export type HandleDependencies = {
  readonly aedes: Aedes;
  readonly hold: Hold;
  readonly throttle: Pick<Throttle, 'watch'>;
  readonly publications: Pick<Publications, 'own' | 'takeOwn'>;
  readonly maxPacketBytes: number;
  readonly note: Note;
};

export const createHandle = (deps: HandleDependencies): Handle => {
  const { aedes, hold, throttle, publications, maxPacketBytes, note } = deps;
  const acknowledgements = createAcknowledgements();
  return (stream, socket) => {
    const client = internalsOf(aedes).handle(stream);
    setLink(client, socket);
    const link = linkOf(client);
    const gather = createGathering(client, hold);
    stream.once('close', () => gather(0));
    throttle.watch(client);
    const noteOnce = createNoteOnce(note);
    const maxPublishBytes = (): number => {
      if (link.name === undefined) return 0;
      return identityOf(client)?.kind === 'integration' ? MAX_PUBLISH_OF_INTEGRATION_BYTES : maxPacketBytes;
    };
    guardPackets(client, {
      maxPublishBytes,
      takeFirst: createLane({ client, publications, acknowledgements, maxPublishBytes, gather }).take,
      onBytes() {
        link.heardAt = performance.now();
      },
      onGathering: gather,
      onTooLarge: ({ message }) => noteOnce(client, 'packet-too-large', message),
      onProtocolVersion: () =>
        noteOnce(client, 'protocol-version', 'it speaks a version of MQTT that we do not know, we speak MQTT 3.1.1'),
    });
    return client;
  };
};
