import { Worker } from 'node:worker_threads';
import { within } from '../backoff.ts';
import { coerceError } from '../errors.ts';
import { type FromThread, hearError, type Revive, type ToThread } from './messages.ts';

/** By the name of a question what is asked, and what its answer is made of. */
export type Questions = Readonly<Record<string, { readonly input: unknown; readonly item: unknown }>>;

export type Ask<Asked extends Questions> = <Verb extends keyof Asked & string>(
  verb: Verb,
  input: Asked[Verb]['input'],
  signal: AbortSignal,
) => AsyncGenerator<Asked[Verb]['item'], void>;

/**
 * A thread beside ours that answers questions. It begins with the first of them, and again with the first after it died.
 *
 *   ask ─▶ question ─▶ [ thread: items one at a time ] ─▶ next, next … ─▶ done
 *                            └─ it dies: who waits hears of it by a ThreadEndedError
 */
export type Thread<Asked extends Questions> = {
  /**
   * The items of an answer, each made when it is taken. Rejects with what went wrong there, or with the signal's reason. Who
   * stops taking them ends the work.
   */
  readonly ask: Ask<Asked>;
  /** Who still waits hears of it. Asking begins a new one. */
  readonly stop: () => Promise<void>;
};

/** The thread died, of what is its `cause`, with this question in hand or waiting. */
export class ThreadEndedError extends Error {
  override readonly name = 'ThreadEndedError';
}

export type ThreadOptions = {
  /** A module that calls `serveThread`. */
  readonly entry: URL;
  /** What the module finds in `workerData.data`. */
  readonly data: unknown;
  readonly maxHeapMib: number;
  readonly revive: Revive;
  readonly onDeath: (error: Error) => void;
  /** Hears of troubles that are of no question. */
  readonly onTrouble: (trouble: string, error: Error) => void;
};

const DOOR = new URL('../../bin/thread.js', import.meta.url);
const END_PATIENCE_MS = 3_000;

/** Semi-spaces are a third of it each. The station's own flag for them would cost a thread as much again. */
const YOUNG_SPACE_MIB = 48;

type Taker = {
  readonly take: (message: FromThread & { readonly id: number }) => void;
  readonly fail: (error: Error) => void;
};

/** One life of the thread. */
const begin = ({ entry, data, maxHeapMib, revive, onDeath, onTrouble }: ThreadOptions, onEnd: () => void) => {
  const takers = new Map<number, Taker>();
  const worker = new Worker(DOOR, {
    workerData: { entry: entry.href, data },
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMib, maxYoungGenerationSizeMb: YOUNG_SPACE_MIB },
  });
  let isEnding = false;
  let reason: Error | undefined;
  worker.on('error', (error) => {
    reason = coerceError(error);
  });
  worker.on('message', (message: FromThread) => {
    if ('id' in message) takers.get(message.id)?.take(message);
    else onTrouble(message.trouble, hearError(message.failed, revive));
  });
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', (code) => {
      onEnd();
      const error = new ThreadEndedError('the thread ended', { cause: reason ?? new Error(`exit code ${code}`) });
      if (!isEnding) onDeath(error);
      for (const { fail } of takers.values()) fail(error);
      resolve();
    });
  });
  const tell = (message: ToThread): void => worker.postMessage(message);
  return {
    tell,
    add: (id: number, taker: Taker) => takers.set(id, taker),
    remove: (id: number) => takers.delete(id),
    async end(): Promise<void> {
      isEnding = true;
      tell({ wish: 'end' });
      const isOver = await within(
        END_PATIENCE_MS,
        ended.then(() => true),
      );
      if (!isOver) await worker.terminate();
    },
  };
};

type Life = ReturnType<typeof begin>;

/** Settles with the message that follows a wish; only one wish is open at a time. */
const createTaking = (life: Life, id: number, signal: AbortSignal) => {
  let settle: { resolve: (message: FromThread) => void; reject: (error: Error) => void } | undefined;
  let failure: Error | undefined;
  const fail = (error: Error): void => {
    failure = error;
    settle?.reject(error);
  };
  const giveUp = () => fail(coerceError(signal.reason));
  signal.addEventListener('abort', giveUp, { once: true });
  life.add(id, { take: (message) => settle?.resolve(message), fail });
  return {
    next: (): Promise<FromThread> =>
      new Promise((resolve, reject) => {
        if (failure) return reject(failure);
        settle = { resolve, reject };
        life.tell({ id, wish: 'next' });
      }),
    end() {
      signal.removeEventListener('abort', giveUp);
      life.remove(id);
    },
  };
};

export const createThread = <Asked extends Questions>(options: ThreadOptions): Thread<Asked> => {
  let life: Life | undefined;
  let asked = 0;

  const live = (): Life => {
    if (life) return life;
    const begun: Life = begin(options, () => {
      if (life === begun) life = undefined;
    });
    life = begun;
    return begun;
  };

  return {
    async *ask(verb, input, signal) {
      signal.throwIfAborted();
      const current = live();
      const id = asked++;
      const taking = createTaking(current, id, signal);
      let isOver = false;
      try {
        current.tell({ id, verb, input });
        for (;;) {
          const message = await taking.next();
          isOver = 'isDone' in message || 'failed' in message;
          if ('failed' in message) throw hearError(message.failed, options.revive);
          if ('isDone' in message) return;
          // The other side answers by the same table of questions.
          if ('item' in message) yield message.item as Asked[typeof verb]['item'];
        }
      } finally {
        taking.end();
        if (!isOver) current.tell({ id, wish: 'leave' });
      }
    },
    async stop() {
      await life?.end();
    },
  };
};
