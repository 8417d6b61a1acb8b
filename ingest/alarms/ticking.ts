import type { Cancel, Clock } from '#platform/clock.ts';
import type { Inbox } from './inbox.ts';
import { feed, type Subject, takeWaiting } from './subject.ts';
import type { Subjects } from './subjects.ts';

/** What is decided by time is announced late by this at most, unless it is decided for very many beds at once. */
const TICK_MS = 50;

/** After so long the other beds wait, so that the process can do other work: when a whole ward falls silent, each bed has a decision. */
const TURN_MS = 5;

const SECOND_MS = 1_000;

/** Has time pass for the subjects. */
export type Ticking = { readonly start: () => void; readonly stop: () => void };

export const createTicking = ({
  clock,
  subjects: { station, beds },
  inbox,
  onSecond,
}: {
  clock: Pick<Clock, 'now' | 'elapsed' | 'after' | 'every'>;
  subjects: Subjects;
  inbox: Pick<Inbox, 'settle'>;
  /** What else is done about every second. */
  onSecond: readonly (() => void)[];
}): Ticking => {
  let timers: readonly Cancel[] = [];
  /** There while a round waits for its next turn. */
  let cancelTurn: Cancel | undefined;

  /** Whether there was something to do for it. */
  const tickOne = (subject: Subject, at: number): boolean => {
    const isDue = subject.state.dueAt !== null && subject.state.dueAt < at;
    if (!isDue && at < subject.checkpointAt) return false;
    takeWaiting(subject, at);
    feed(subject, { type: 'tick', at });
    inbox.settle(subject, at);
    return true;
  };

  /** Takes the beds that the round has not come to yet, as far as a turn goes. */
  const takeTurn = (left: Iterator<Subject>): void => {
    cancelTurn = undefined;
    const at = clock.now();
    const endsAt = clock.elapsed() + TURN_MS;
    for (let next = left.next(); !next.done; next = left.next()) {
      if (!tickOne(next.value, at) || clock.elapsed() <= endsAt) continue;
      cancelTurn = clock.after(1, () => takeTurn(left));
      return;
    }
  };

  const tick = (): void => {
    tickOne(station, clock.now());
    if (!cancelTurn) takeTurn(beds.values());
  };

  return {
    start() {
      if (timers.length > 0) return;
      timers = [clock.every(TICK_MS, tick), ...onSecond.map((act) => clock.every(SECOND_MS, act))];
    },
    stop() {
      for (const cancel of timers) cancel();
      timers = [];
      cancelTurn?.();
      cancelTurn = undefined;
    },
  };
};
