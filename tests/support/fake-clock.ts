import type { Clock } from '#platform/clock.ts';

export type FakeClock = Clock & {
  /** Lets time pass: what is due on the way goes off, in its order and at its moment. */
  readonly advance: (ms: number) => void;
  /** The wall clock is put forward, or back: no time passes. */
  readonly putForward: (ms: number) => void;
  /** Timers that are set. A part that was stopped has none. */
  readonly pending: () => number;
};

type Timer = { dueMs: number; readonly act: () => void; readonly everyMs: number | undefined };

/** A clock that stands still until it is moved on. */
export const createFakeClock = (startMs = Date.UTC(2026, 0, 1)): FakeClock => {
  const timers = new Set<Timer>();
  let elapsedMs = 0;
  let wallMs = startMs;

  const set = (delayMs: number, act: () => void, everyMs?: number) => {
    const timer = { dueMs: elapsedMs + Math.max(delayMs, 0), act, everyMs };
    timers.add(timer);
    return () => {
      timers.delete(timer);
    };
  };

  const nextDue = (untilMs: number): Timer | undefined => {
    let next: Timer | undefined;
    for (const timer of timers) if (timer.dueMs <= untilMs && timer.dueMs < (next?.dueMs ?? Infinity)) next = timer;
    return next;
  };

  const goOff = (timer: Timer): void => {
    wallMs += timer.dueMs - elapsedMs;
    elapsedMs = timer.dueMs;
    if (timer.everyMs === undefined) timers.delete(timer);
    else timer.dueMs += Math.max(timer.everyMs, 1);
    timer.act();
  };

  return {
    now: () => wallMs,
    elapsed: () => elapsedMs,
    after: (delayMs, act) => set(delayMs, act),
    every: (periodMs, act) => set(periodMs, act, periodMs),
    advance(ms) {
      const untilMs = elapsedMs + ms;
      for (let timer = nextDue(untilMs); timer; timer = nextDue(untilMs)) goOff(timer);
      wallMs += untilMs - elapsedMs;
      elapsedMs = untilMs;
    },
    putForward(ms) {
      wallMs += ms;
    },
    pending: () => timers.size,
  };
};
