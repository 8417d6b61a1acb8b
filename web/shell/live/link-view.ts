import { LINK_LOST_AFTER_MS } from '#contracts/live.ts';

/** The page's own link to the station. `silentForMs` is undefined when it never spoke, or since a time unknown. */
export type LinkView = {
  readonly state: 'connecting' | 'live' | 'lost';
  /** Whole seconds, so that the view changes once a second. */
  readonly silentForMs: number | undefined;
};

const SECOND = 1_000;

/** `waitingForMs` counts since the page began to wait for a first word. */
export const linkView = (silentForMs: number | undefined, waitingForMs: number): LinkView => {
  if (silentForMs === undefined) {
    return { state: waitingForMs > LINK_LOST_AFTER_MS ? 'lost' : 'connecting', silentForMs: undefined };
  }
  if (silentForMs <= LINK_LOST_AFTER_MS) return { state: 'live', silentForMs: 0 };
  return { state: 'lost', silentForMs: Math.floor(silentForMs / SECOND) * SECOND };
};
