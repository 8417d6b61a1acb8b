import type { SubscribeFrame } from '#contracts/live.ts';

/** The least time between two requests, so that a page that keeps missing frames does not make things worse. */
export const RESUBSCRIBE_AFTER_MS = 1_000;

export const MAX_WAVES = 128;
const MAX_UNITS = 64;

export type Wanted = { readonly units: readonly string[]; readonly waves: readonly string[] };

/** Decides when to subscribe: what is wanted has changed, or a snapshot is needed, and the last time is long enough ago. */
export const createSubscription = ({ send }: { send: (frame: SubscribeFrame) => void }) => {
  let sent: { readonly key: string; readonly atMs: number } | undefined;
  return {
    /** On a new connection: nothing has been asked for yet. */
    reset(): void {
      sent = undefined;
    },
    /** `nowMs` is monotonic. Call as often as you like. */
    ensure(wanted: Wanted, needsSnapshot: boolean, nowMs: number): void {
      const units = wanted.units.slice(0, MAX_UNITS);
      const waves = wanted.waves.slice(0, MAX_WAVES);
      const key = JSON.stringify([units, waves]);
      if (sent && nowMs - sent.atMs < RESUBSCRIBE_AFTER_MS) return;
      if (sent && sent.key === key && !needsSnapshot) return;
      sent = { key, atMs: nowMs };
      send({ type: 'subscribe', units, waves });
    },
  };
};
