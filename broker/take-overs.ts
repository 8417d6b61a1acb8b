/**
 * Two peers that want the same place end each other's connection for ever (MQTT 3.1.1, 3.1.4-2): when the settings of a
 * device were copied to another, neither is heard for more than a moment. After a few take-overs in a row the one that is
 * connected and alive stays, and the other is refused, until nobody has tried for a while.
 */
export type TakeOvers = {
  /** To be asked before a connection takes the place of another. */
  readonly mayTakeOver: (place: string, incumbent: Heard) => boolean;
};

/** When a connection began, and when its last bytes came, by `performance.now()`. */
type Heard = { readonly since: number; readonly heardAt: number };

const WAR_AFTER = 5;
const WINDOW_MS = 10_000;
const PEACE_MS = 60_000;
/** One that was heard within this is alive. A device that lost its link must not wait longer for its own place. */
const ALIVE_MS = 5_000;
const MAX_PLACES = 1_000;

export const isAlive = ({ since, heardAt }: Heard, at = performance.now()): boolean =>
  at - Math.max(since, heardAt) <= ALIVE_MS;

export const createTakeOvers = ({ now = () => performance.now() }: { now?: () => number } = {}): TakeOvers => {
  const places = new Map<string, { times: number[]; lastTriedAt: number; isWar: boolean }>();
  return {
    mayTakeOver(place, incumbent) {
      const at = now();
      const known = places.get(place);
      const state = known && at - known.lastTriedAt < PEACE_MS ? known : { times: [], lastTriedAt: at, isWar: false };
      state.lastTriedAt = at;
      state.times = [...state.times.filter((time) => at - time < WINDOW_MS), at].slice(-WAR_AFTER);
      state.isWar ||= state.times.length >= WAR_AFTER;
      places.delete(place);
      places.set(place, state);
      const [oldest] = places.keys();
      if (places.size > MAX_PLACES && oldest !== undefined) places.delete(oldest);
      return !state.isWar || !isAlive(incumbent, at);
    },
  };
};
