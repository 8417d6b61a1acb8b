import type { Cancel, Clock } from '#platform/clock.ts';
import type { Inbox } from './inbox.ts';
import { feed, type Subject, takeWaiting } from './subject.ts';
import type { Subjects } from './subjects.ts';

/** What is decided by time is announced late by this at most. */
const TICK_MS = 50;

const SECOND_MS = 1_000;

/** Has time pass for the subjects. */
export type Ticking = { readonly start: () => void; readonly stop: () => void };

export const createTicking = ({
  clock,
  subjects: { station, beds },
  inbox,
  onSecond,
}: {
  clock: Pick<Clock, 'now' | 'every'>;
  subjects: Subjects;
  inbox: Pick<Inbox, 'settle'>;
  /** What else is done about every second. */
  onSecond: readonly (() => void)[];
}): Ticking => {
  let timers: readonly Cancel[] = [];

  const tickOne = (subject: Subject, at: number): void => {
    const isDue = subject.state.dueAt !== null && subject.state.dueAt < at;
    if (!isDue && at < subject.checkpointAt) return;
    takeWaiting(subject, at);
    feed(subject, { type: 'tick', at });
    inbox.settle(subject, at);
  };

  const tick = (): void => {
    const at = clock.now();
    tickOne(station, at);
    for (const subject of beds.values()) tickOne(subject, at);
  };

  return {
    start() {
      if (timers.length > 0) return;
      timers = [clock.every(TICK_MS, tick), ...onSecond.map((act) => clock.every(SECOND_MS, act))];
    },
    stop() {
      for (const cancel of timers) cancel();
      timers = [];
    },
  };
};
