import type { ShownFrame } from '#contracts/live.ts';

/** What one frame may hold. */
const MAX_ALARMS = 500;

type Deps = {
  /** False when it could not be sent. */
  readonly send: (frame: ShownFrame) => boolean;
  /** Calls back once the page as it now is has been drawn. */
  readonly afterDrawing: (callback: () => void) => void;
};

const chunks = (ids: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(ids.length / MAX_ALARMS) }, (_, place) =>
    ids.slice(place * MAX_ALARMS, (place + 1) * MAX_ALARMS),
  );

/** Tells the station once for each alarm that this page has drawn it. */
export const createShownEcho = ({ send, afterDrawing }: Deps) => {
  const told = new Set<string>();

  const tell = (ids: string[]): void => {
    if (send({ type: 'shown', alarms: ids })) return;
    for (const id of ids) told.delete(id);
  };

  return {
    /**
     * `drawn` has just been put on the page. Alarms that are no longer among `active` are forgotten, because a page
     * stays open for months.
     */
    put(drawn: readonly string[], active: readonly string[]): void {
      const there = new Set(active);
      for (const id of told) if (!there.has(id)) told.delete(id);
      const fresh = drawn.filter((id) => !told.has(id));
      if (fresh.length === 0) return;
      for (const id of fresh) told.add(id);
      afterDrawing(() => {
        for (const ids of chunks(fresh)) tell(ids);
      });
    },
  };
};
