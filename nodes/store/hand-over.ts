import type { Store } from '../../ingest/store.ts';

/**
 * Where sessions are opened: in this thread until the other is there, and from then on in that. The session of this thread then
 * counts as broken, so that the writer opens the next.
 */
export const createHandOver = ({
  here,
  there,
  isThere,
}: {
  here: Store;
  there: Store;
  isThere: () => boolean;
}): Store => {
  let inHand = here;
  return {
    async open() {
      inHand = isThere() ? there : here;
      const session = await inHand.open();
      return inHand === there ? session : { ...session, isBroken: () => isThere() || session.isBroken() };
    },
    abandon: () => inHand.abandon(),
  };
};
