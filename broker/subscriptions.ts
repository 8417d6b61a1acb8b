import type { Aedes, AedesOptions, Subscription } from 'aedes';
import { internalsOf } from './aedes-internals.ts';
import { maySubscribe } from './auth.ts';
import { identityOf, ownerOf } from './identity.ts';
import type { Note } from './traces.ts';

/**
 * How many topics an integration may hold, over all of its connections and kept sessions: each costs memory and time at
 * every announcement. Past it a subscription is answered with failure (MQTT 3.1.1, 3.9.3).
 */
export type Subscriptions = {
  /** False: the owner has as many topics as it may. A topic that it has already it may have again. */
  readonly take: (owner: string, session: string, filter: string) => boolean;
  readonly drop: (session: string, filters: readonly string[]) => void;
  readonly dropAll: (session: string) => void;
  /** To be called once Aedes listens: keeps it from storing, with a session, filters that were refused. */
  readonly takeOver: (aedes: Aedes) => void;
};

type Held = { readonly owner: string; readonly filters: Set<string> };

export const createSubscriptions = ({ maxOfOne }: { maxOfOne: number }): Subscriptions => {
  const sessions = new Map<string, Held>();
  const counts = new Map<string, number>();

  const count = (owner: string, change: number): void => {
    const now = (counts.get(owner) ?? 0) + change;
    if (now > 0) counts.set(owner, now);
    else counts.delete(owner);
  };

  return {
    take(owner, session, filter) {
      const held = sessions.get(session) ?? { owner, filters: new Set() };
      if (held.filters.has(filter)) return true;
      if ((counts.get(owner) ?? 0) >= maxOfOne) return false;
      sessions.set(session, held);
      held.filters.add(filter);
      count(owner, 1);
      return true;
    },
    drop(session, filters) {
      const held = sessions.get(session);
      if (!held) return;
      for (const filter of filters) if (held.filters.delete(filter)) count(held.owner, -1);
      if (held.filters.size === 0) sessions.delete(session);
    },
    dropAll(session) {
      const held = sessions.get(session);
      if (!held) return;
      count(held.owner, -held.filters.size);
      sessions.delete(session);
    },
    takeOver(aedes) {
      const { persistence } = internalsOf(aedes);
      const store = persistence.addSubscriptions.bind(persistence);
      const stored = new WeakSet<readonly Subscription[]>();
      persistence.addSubscriptions = async (client, subscriptions) => {
        if (stored.has(subscriptions)) return;
        stored.add(subscriptions);
        // The other filters of the packet are authorised before the next turn.
        await Promise.resolve();
        const held = sessions.get(client.id);
        await store(
          client,
          subscriptions.filter(({ topic }) => held?.filters.has(topic)),
        );
      };
    },
  };
};

/** Answers a SUBSCRIBE, filter by filter. */
export const createAuthorizeSubscribe =
  ({
    subscriptions,
    note,
  }: {
    subscriptions: Pick<Subscriptions, 'take'>;
    note: Note;
  }): NonNullable<AedesOptions['authorizeSubscribe']> =>
  (client, subscription, callback) => {
    const identity = identityOf(client);
    const { topic } = subscription;
    const isAllowed = maySubscribe(identity, topic);
    if (identity && isAllowed && subscriptions.take(ownerOf(identity), client.id, topic)) {
      return callback(null, subscription);
    }
    if (isAllowed) note(client, 'too-many-subscriptions', `${topic}: it holds as many topics as one may`);
    else
      note(
        client,
        'subscription',
        `${topic}: integrations may subscribe to live/v1/…, devices and gateways to nothing`,
      );
    callback(null, null);
  };
