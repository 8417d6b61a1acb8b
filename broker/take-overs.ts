/**
 * Two peers with the same client id end each other's connection for ever (MQTT 3.1.1, 3.1.4-2): when the settings of a
 * device were copied to another, neither is heard for more than a moment. After a few take-overs in a row the one that is
 * connected and alive stays, and the other is refused, until nobody has tried for a while.
 */
export type TakeOvers = {
  /** To be asked before a connection takes the place of one with the same id. */
  readonly mayTakeOver: (id: string, incumbent: { readonly since: number; readonly heardAt: number }) => boolean;
};

const WAR_AFTER = 5;
const WINDOW_MS = 10_000;
const PEACE_MS = 60_000;
/** One that was heard within this is alive. A device that lost its link must not wait longer for its own place. */
const ALIVE_MS = 5_000;
const MAX_IDS = 1_000;

export const createTakeOvers = ({ now = () => performance.now() }: { now?: () => number } = {}): TakeOvers => {
  const ids = new Map<string, { times: number[]; lastTriedAt: number; isWar: boolean }>();
  return {
    mayTakeOver(id, { since, heardAt }) {
      const at = now();
      const known = ids.get(id);
      const state = known && at - known.lastTriedAt < PEACE_MS ? known : { times: [], lastTriedAt: at, isWar: false };
      state.lastTriedAt = at;
      state.times = [...state.times.filter((time) => at - time < WINDOW_MS), at].slice(-WAR_AFTER);
      state.isWar ||= state.times.length >= WAR_AFTER;
      ids.delete(id);
      ids.set(id, state);
      const [oldest] = ids.keys();
      if (ids.size > MAX_IDS && oldest !== undefined) ids.delete(oldest);
      return !state.isWar || at - Math.max(since, heardAt) > ALIVE_MS;
    },
  };
};
