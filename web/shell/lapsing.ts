import { type ReadonlySignal, signal } from '@preact/signals';
import type { Cancel, PageClock } from './clock.ts';

type Lapsing<Value> = {
  readonly value: ReadonlySignal<Value>;
  /** The time begins anew, also when the value is the same again. */
  readonly set: (next: Value) => void;
};

/** A value that a person sets, and that returns to rest when it was left alone for so long. */
export const createLapsing = <Value>(rest: Value, afterMs: number, clock: Pick<PageClock, 'after'>): Lapsing<Value> => {
  const value = signal(rest);
  let cancel: Cancel | undefined;
  return {
    value,
    set(next) {
      cancel?.();
      value.value = next;
      if (next === rest) return;
      cancel = clock.after(afterMs, () => {
        value.value = rest;
      });
    },
  };
};
