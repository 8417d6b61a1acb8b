import type { Database } from '#platform/database.ts';
import { createStore, type OpenSession } from '../../ingest/store.ts';
import { unpackEntries } from './entries.ts';
import type { StoreQuestions } from './questions.ts';

type Answers = {
  readonly [Verb in keyof StoreQuestions]: (
    input: StoreQuestions[Verb]['input'],
    signal: AbortSignal,
  ) => AsyncGenerator<StoreQuestions[Verb]['item'], void>;
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** The answers of the thread that writes: the store of ingest, behind questions. */
export const createAnswers = (database: Database): Answers => {
  let journalId = '';
  const store = createStore({ database, journalId: () => journalId });
  let session: OpenSession | undefined;

  const inHand = (): OpenSession => {
    if (!session) throw new Error('no session is open');
    return session;
  };

  return {
    async *session(input, signal) {
      journalId = input.journalId;
      // Also while it is being opened, or in the middle of a statement.
      signal.addEventListener('abort', store.abandon, { once: true });
      const opened = await store.open();
      session = opened;
      try {
        yield 'opened';
        await Promise.race([opened.ended, aborted(signal)]);
      } finally {
        // Before it is told, because whoever hears of it opens the next.
        opened.close();
        if (session === opened) session = undefined;
      }
      yield 'broken';
    },
    async *ready() {
      yield 'ready';
    },
    async *write(sent) {
      yield await inHand().write(unpackEntries(sent));
    },
    async *settle() {
      await inHand().settle();
      yield 'settled';
    },
  };
};
