import type { MessagePort } from 'node:worker_threads';
import { coerceError } from '../errors.ts';
import { type FromThread, type ToThread, tellError } from './messages.ts';

/** The side of a thread that answers. Each answer is a stream of items, made one at a time when it is wished for. */

/** Answers one question. Ends soon after the signal is aborted. */
export type Answer = (input: never, signal: AbortSignal) => AsyncGenerator<unknown, void>;

type Work = { readonly items: AsyncGenerator<unknown, void>; readonly leaving: AbortController };

/** Bytes of their own are handed over; those that are a part of something larger are copied. */
const handOver = (item: unknown): ArrayBuffer[] =>
  item instanceof Uint8Array && item.buffer instanceof ArrayBuffer && item.byteLength === item.buffer.byteLength
    ? [item.buffer]
    : [];

/** The answers that are being made, by the number of their question. */
const createWorks = (port: MessagePort, answers: Readonly<Record<string, Answer>>) => {
  const works = new Map<number, Work>();
  const tell = (message: FromThread, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);

  return {
    begin(id: number, verb: string, input: unknown): void {
      const answer = answers[verb];
      if (!answer) {
        tell({ id, failed: tellError(new Error(`the thread has no answer to ${verb}`)) });
        return;
      }
      const leaving = new AbortController();
      // The other side asks by the same table of questions.
      works.set(id, { leaving, items: answer(input as never, leaving.signal) });
    },
    async next(id: number): Promise<void> {
      const work = works.get(id);
      if (!work) return;
      const isLeft = () => work.leaving.signal.aborted;
      try {
        const { done, value } = await work.items.next();
        if (isLeft()) return;
        if (done) works.delete(id);
        if (done) tell({ id, isDone: true });
        else tell({ id, item: value }, handOver(value));
      } catch (error) {
        works.delete(id);
        if (!isLeft()) tell({ id, failed: tellError(coerceError(error)) });
      }
    },
    /** Resolves when nothing of it goes on. */
    async leave(id: number): Promise<void> {
      const work = works.get(id);
      works.delete(id);
      work?.leaving.abort(new Error('nobody waits for it any more'));
      // What goes wrong while it is broken off interests nobody.
      await work?.items.return().catch(() => undefined);
    },
    underWay: () => [...works.keys()],
  };
};

export type ThreadService = {
  /** Tells the other side of a trouble that is of no question. */
  readonly tellTrouble: (trouble: string, error: Error) => void;
};

/** `stop` is called once when the thread is to end; nothing may hold it afterwards. */
export const serveThread = ({
  port,
  answers,
  stop,
}: {
  port: MessagePort;
  answers: Readonly<Record<string, Answer>>;
  stop: () => Promise<void>;
}): ThreadService => {
  const works = createWorks(port, answers);

  const end = async (): Promise<void> => {
    await Promise.all(works.underWay().map(works.leave));
    await stop();
    port.close();
  };

  port.on('message', (message: ToThread) => {
    if (!('id' in message)) void end();
    else if ('verb' in message) works.begin(message.id, message.verb, message.input);
    else if (message.wish === 'next') void works.next(message.id);
    else void works.leave(message.id);
  });

  return {
    tellTrouble: (trouble, error) => port.postMessage({ trouble, failed: tellError(error) } satisfies FromThread),
  };
};
