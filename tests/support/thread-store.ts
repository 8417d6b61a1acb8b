import { createThread, type Thread } from '#platform/thread/thread.ts';
import type { Store } from '../../ingest/store.ts';
import type { StoreQuestions } from '../../nodes/store/questions.ts';
import { createThreadStore } from '../../nodes/store/store.ts';

const ENTRY = new URL('../../nodes/store/thread.ts', import.meta.url);

export type ThreadStore = Store & {
  readonly stop: Thread<StoreQuestions>['stop'];
  readonly deaths: readonly Error[];
};

/** The store of a station in a thread of its own, which begins with the first session. Stop it when nothing is written any more. */
export const openThreadStore = (
  databaseUrl: string,
  journalId: () => string,
  { maxHeapMib = 256 }: { maxHeapMib?: number } = {},
): ThreadStore => {
  const deaths: Error[] = [];
  const thread = createThread<StoreQuestions>({
    entry: ENTRY,
    data: { databaseUrl },
    maxHeapMib,
    revive: ({ name, message }) => (name === 'RangeError' ? new RangeError(message) : undefined),
    onDeath: (error) => deaths.push(error),
    onTrouble: () => undefined,
  });
  return { ...createThreadStore({ ask: thread.ask, journalId }), stop: thread.stop, deaths };
};
