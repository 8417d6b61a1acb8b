import type { Aedes, Client } from 'aedes';
import type { IntakeSink } from '#contracts/ports/intake.ts';
import { explainClosing } from './closings.ts';
import {
  type Identity,
  type IntegrationIdentity,
  identityOf,
  isPublisher,
  ownerOf,
  type PublisherIdentity,
} from './identity.ts';
import { linkOf } from './links.ts';
import type { Sessions } from './sessions.ts';
import { createNoteOnce, type Note } from './traces.ts';

/** Who is connected, each of them told once when it comes and once when it goes. */
export type Presence = {
  readonly count: () => number;
  /** Closes the connections of who could not connect as it is any more. To be called when devices or gateways changed. */
  readonly recheckPublishers: () => void;
  /** All are gone: also those whose connection has not told us so. */
  readonly endAll: () => void;
};

/** Closes the connection of who could not connect as it is any more. */
const createCut =
  (note: Note) =>
  (client: Client, detail: string): void => {
    if (client.closed) return;
    linkOf(client).isNoted = true;
    note(client, 'credentials-changed', detail);
    client.close();
  };

type Cut = ReturnType<typeof createCut>;

const cutWithToken = (cut: Cut, client: Client, { token }: IntegrationIdentity): void => {
  const forget = token.onOver(() => cut(client, 'its token has expired or was ended'));
  client.conn.once('close', forget);
};

const createRecheck =
  (cut: Cut) =>
  async (client: Client, { credential }: PublisherIdentity): Promise<void> => {
    if (!(await credential.isCurrent())) cut(client, 'it was given another secret, or removed');
  };

type Sink = Pick<IntakeSink, 'connected' | 'disconnected' | 'gatewayConnected' | 'gatewayDisconnected'>;

/** Tells who came and who went, each to whom it concerns. */
const createTelling = (sink: Sink, sessions: Pick<Sessions, 'connected' | 'disconnected'>) => ({
  came(client: Client, identity: Identity): void {
    if (identity.kind === 'device') sink.connected(identity.device);
    else if (identity.kind === 'gateway') sink.gatewayConnected(identity.gateway);
    else sessions.connected(client, ownerOf(identity));
  },
  went(client: Client, identity: Identity): void {
    if (identity.kind === 'device') sink.disconnected(identity.device);
    else if (identity.kind === 'gateway') sink.gatewayDisconnected(identity.gateway);
    else sessions.disconnected(client);
  },
});

export const createPresence = ({
  aedes,
  sink,
  sessions,
  note,
}: {
  aedes: Aedes;
  sink: Sink;
  sessions: Pick<Sessions, 'connected' | 'disconnected'>;
  note: Note;
}): Presence => {
  const present = new Set<Client>();
  const noteOnce = createNoteOnce(note);
  const cut = createCut(note);
  const recheck = createRecheck(cut);
  const tell = createTelling(sink, sessions);

  const leave = (client: Client): void => {
    const identity = identityOf(client);
    if (present.delete(client) && identity) tell.went(client, identity);
  };

  const noteClosing = (client: Client, error: Error): void => {
    const closing = explainClosing(error);
    if (closing) noteOnce(client, closing, error.message);
  };

  const enter = (client: Client): void => {
    const identity = identityOf(client);
    if (client.closed || !identity || identity.kind === 'probe') return;
    // At once: its messages are taken from now on, and are timed by when its link began.
    present.add(client);
    tell.came(client, identity);
    if (identity.kind === 'integration') cutWithToken(cut, client, identity);
    // Something changed while it signed in: it was not among those that were rechecked.
    if (isPublisher(identity) && !identity.credential.isFresh()) void recheck(client, identity);
  };

  aedes.on('clientReady', enter);
  aedes.on('clientDisconnect', leave);
  aedes.on('clientError', noteClosing);
  aedes.on('connectionError', noteClosing);

  return {
    count: () => present.size,
    recheckPublishers() {
      for (const client of present) {
        const identity = identityOf(client);
        if (identity && isPublisher(identity)) void recheck(client, identity);
      }
    },
    endAll() {
      for (const client of present) leave(client);
    },
  };
};
