import { type Clock, systemClock } from './clock.ts';

/**
 * Work that takes turns. Who is let in has as many turns as it needs, one after another; so many turns are taken at once,
 * and of those who wait the one has the next turn that has had the least time. A giant so gives its place away after each
 * turn, and the small wait for a turn and not for a giant. Who comes in begins with as much time as the others have had, so
 * that newcomers do not keep a giant from its end.
 */
export type Turns = {
  /** Throws a TurnsTakenError when as many are in as may be. */
  readonly enter: () => Visit;
  readonly counts: () => { readonly inside: number; readonly waiting: number };
};

export type Visit = {
  /** Waits for a turn and works. Rejects with the signal's reason when it is aborted before its turn has come. */
  readonly turn: <Result>(work: () => Promise<Result>, signal: AbortSignal) => Promise<Result>;
  /** Makes room for another. May be called twice. */
  readonly leave: () => void;
};

export class TurnsTakenError extends Error {
  override readonly name = 'TurnsTakenError';
}

/** Who did not ask for long, such as a slow reader, is not given all the time that he has missed. */
const MOST_BEHIND_MS = 5_000;

type Waiting = { readonly hadMs: () => number; readonly begin: () => void };

/** Who waits for a turn. Of those who have had the same, the first to ask is the first to go. */
const createLine = () => {
  const line = new Set<Waiting>();
  return {
    length: () => line.size,
    join: (hadMs: () => number, signal: AbortSignal): Promise<void> =>
      new Promise((resolve, reject) => {
        const giveUp = () => {
          line.delete(waiting);
          reject(signal.reason);
        };
        const waiting = {
          hadMs,
          begin() {
            signal.removeEventListener('abort', giveUp);
            resolve();
          },
        };
        line.add(waiting);
        signal.addEventListener('abort', giveUp, { once: true });
      }),
    /** Who has had the least; undefined when nobody waits. */
    takeNext(): Waiting | undefined {
      const [first, ...others] = line;
      if (!first) return undefined;
      const next = others.reduce((least, other) => (other.hadMs() < least.hadMs() ? other : least), first);
      line.delete(next);
      return next;
    },
  };
};

export type TurnsOptions = {
  readonly atOnce: number;
  readonly mostInside: number;
  /** How long a place stays empty after a turn. Left out: the next turn begins at once. */
  readonly restAfterMs?: (tookMs: number) => number;
  readonly clock?: Pick<Clock, 'elapsed' | 'after'>;
};

export const createTurns = ({
  atOnce,
  mostInside,
  restAfterMs = () => 0,
  clock = systemClock,
}: TurnsOptions): Turns => {
  const line = createLine();
  let taken = 0;
  let inside = 0;
  /** What each of those who work or wait would have had by now, were time divisible at will. */
  let fairMs = 0;

  const begun = async (hadMs: () => number, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    if (taken < atOnce) taken++;
    else await line.join(hadMs, signal);
  };

  /** A moment later, so that who has had a turn may ask for the next and is compared with the others. */
  const end = (tookMs: number): void => {
    fairMs += tookMs / (taken + line.length());
    const handOn = () => {
      const next = line.takeNext();
      if (next) next.begin();
      else taken--;
    };
    const restMs = restAfterMs(tookMs);
    if (restMs > 0) clock.after(restMs, handOn, 'background');
    else setImmediate(handOn);
  };

  return {
    enter() {
      if (inside >= mostInside) throw new TurnsTakenError(`there are ${mostInside} already`);
      inside++;
      let isIn = true;
      let hadMs = fairMs;
      return {
        async turn(work, signal) {
          hadMs = Math.max(hadMs, fairMs - MOST_BEHIND_MS);
          await begun(() => hadMs, signal);
          const beganAt = clock.elapsed();
          try {
            return await work();
          } finally {
            const tookMs = clock.elapsed() - beganAt;
            hadMs += tookMs;
            end(tookMs);
          }
        },
        leave() {
          if (isIn) inside--;
          isIn = false;
        },
      };
    },
    counts: () => ({ inside, waiting: line.length() }),
  };
};
