import type { Cancel, Clock } from '#platform/clock.ts';
import type { AlarmRecord } from '../alarm-record.ts';
import type { Append } from '../append.ts';
import type { Decisions } from './decisions.ts';
import { enqueue, type Handling, type NewInput, resume, type Subject, takeAllWaiting, takeWaiting } from './subject.ts';

/** An input is taken when its millisecond is over. */
export const TAKEN_AFTER_MS = 2;

/** After so long the other beds wait, so that the process can do other work: when all devices of a ward connect, each has its input. */
const TURN_MS = 5;

/** Inputs that wait for their millisecond to be over, and what comes of them. */
export type Inbox = {
  /** Takes the input soon, as of now, or of a time that was now when what it is part of began. */
  readonly put: (subject: Subject, input: NewInput, handling?: Handling, at?: number) => void;
  /** The subject goes on from `fromMs`: the time before did not pass for it. */
  readonly resume: (subject: Subject, fromMs: number) => void;
  /** Stores and announces what happened to the subject since it was last looked at. */
  readonly settle: (subject: Subject, at: number) => void;
  readonly open: () => void;
  /** Takes all that waits. What comes after waits for the next `open`. */
  readonly close: () => void;
};

export type InboxDependencies = {
  readonly clock: Pick<Clock, 'now' | 'elapsed' | 'after'>;
  readonly decisions: Pick<Decisions, 'decide'>;
  readonly append: Append<AlarmRecord>;
};

export const createInbox = ({ clock, decisions, append }: InboxDependencies): Inbox => {
  const subjects = new Set<Subject>();
  let isOpen = false;
  let cancel: Cancel | undefined;

  const settle = (subject: Subject, at: number): void => {
    const decision = decisions.decide(subject, at);
    if (decision) append(decision.records, decision.announce, decision.checkpoint);
  };

  const takeAll = (): void => {
    cancel = undefined;
    const at = clock.now();
    const endsAt = clock.elapsed() + TURN_MS;
    let left = subjects.size;
    for (const subject of subjects) {
      if (left-- === 0 || clock.elapsed() > endsAt) break;
      // Whose millisecond is not over stands at the end again.
      subjects.delete(subject);
      takeWaiting(subject, at);
      settle(subject, at);
      if (subject.waiting.length > 0) subjects.add(subject);
    }
    if (subjects.size > 0) takeSoon();
  };

  const takeSoon = (): void => {
    if (isOpen) cancel ??= clock.after(TAKEN_AFTER_MS, takeAll);
  };

  return {
    put(subject, input, handling, at = clock.now()) {
      enqueue(subject, input, at, handling);
      subjects.add(subject);
      takeSoon();
    },
    resume(subject, fromMs) {
      resume(subject, fromMs);
      subjects.add(subject);
      takeSoon();
    },
    settle,
    open() {
      isOpen = true;
      takeSoon();
    },
    close() {
      isOpen = false;
      cancel?.();
      cancel = undefined;
      for (const subject of subjects) {
        takeAllWaiting(subject);
        settle(subject, clock.now());
      }
      subjects.clear();
    },
  };
};
