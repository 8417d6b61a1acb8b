import type { Ask } from '#platform/thread/thread.ts';
import type { Store } from '../../ingest/store.ts';
import { packEntries } from './entries.ts';
import type { StoreQuestions } from './questions.ts';

/** Resolves when the answer has ended, well or not. */
const untilOver = async (items: AsyncIterable<unknown>): Promise<void> => {
  try {
    for await (const _ of items);
  } catch {
    // Why it ended is told to whoever asks something of the session.
  }
};

/**
 * The store of ingest in a thread of its own. What a session is asked ends with it: also when the thread does not answer
 * because the database does not.
 *
 *   writer ─▶ records, as one piece of bytes ─▶ [ thread: rows ─▶ COPY ─▶ database ]
 *      └◀──────── stored, refused, broken ◀──────────┘
 */
export const createThreadStore = ({ ask, journalId }: { ask: Ask<StoreQuestions>; journalId: () => string }): Store => {
  let inHand: AbortController | undefined;

  return {
    async open() {
      const closing = new AbortController();
      inHand = closing;
      const life = ask('session', { journalId: journalId() }, closing.signal);
      await life.next();
      let isBroken = false;
      const ended = untilOver(life).then(() => {
        isBroken = true;
      });
      const askOnce = async <Verb extends 'write' | 'settle'>(verb: Verb, input: StoreQuestions[Verb]['input']) => {
        for await (const item of ask(verb, input, closing.signal)) return item;
        throw new Error(`the thread that writes gave no answer to ${verb}`);
      };
      return {
        write: (entries) => askOnce('write', packEntries(entries)),
        settle: async () => void (await askOnce('settle', null)),
        isBroken: () => isBroken,
        ended,
        close: () => closing.abort(new Error('the session was closed')),
      };
    },
    abandon: () => inHand?.abort(new Error('the session was broken off')),
  };
};
