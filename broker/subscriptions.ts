import type { Aedes, Client, Subscription } from 'aedes';

/**
 * How many topics an integration may hold, over all of its connections and kept sessions: each costs memory and time at
 * every announcement. Past it a subscription is answered with failure (MQTT 3.1.1, 3.9.3).
 */
export type Subscriptions = {
  /** False: it has all it may. What it has already it may have again. */
  readonly take: (owner: string, session: string, filter: string) => boolean;
  readonly drop: (session: string, filters: readonly string[]) => void;
  readonly dropAll: (session: string) => void;
  /** To be called once Aedes listens: keeps it from storing, with a session, filters that were refused. */
  readonly takeOver: (aedes: Aedes) => void;
};

type Held = { readonly owner: string; readonly filters: Set<string> };

// Aedes stores all filters of a packet, once for each of them that was authorised (lib/handlers/subscribe.js).
type WithSubscriptions = {
  persistence: { addSubscriptions: (client: Client, subscriptions: Subscription[]) => Promise<void> };
};

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
      const { persistence } = aedes as unknown as WithSubscriptions;
      const store = persistence.addSubscriptions.bind(persistence);
      const stored = new WeakSet<readonly Subscription[]>();
      persistence.addSubscriptions = async (client, subscriptions) => {
        if (stored.has(subscriptions)) return;
        stored.add(subscriptions);
        // The others of the packet are authorised in this turn.
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
