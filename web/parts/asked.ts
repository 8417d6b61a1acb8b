import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useCallback, useEffect } from 'preact/hooks';
import type { Refusal } from '../shell/refusal.ts';
import type { Answer } from '../shell/server.ts';

/** An answer of the station. A value stays while it is asked for again, and beside a refusal. */
export type Asked<Value> = {
  readonly value: Value | undefined;
  readonly refusal: Refusal | undefined;
  readonly isLoading: boolean;
};

/**
 * Asks when first drawn, whenever `key` changes (it stands for all that `ask` closes over), and `again`. What is no
 * longer wanted is dropped.
 */
export const useAsked = <Value>(
  key: string,
  ask: (signal: AbortSignal) => Promise<Answer<Value>>,
): { readonly asked: ReadonlySignal<Asked<Value>>; readonly again: () => void } => {
  const asked = useSignal<Asked<Value>>({ value: undefined, refusal: undefined, isLoading: true });
  const round = useSignal(0);
  const again = useCallback(() => {
    round.value++;
  }, [round]);
  useEffect(() => {
    const leaving = new AbortController();
    asked.value = { ...asked.peek(), isLoading: true };
    void ask(leaving.signal).then((answer) => {
      if (leaving.signal.aborted) return;
      asked.value = answer.isOk
        ? { value: answer.value, refusal: undefined, isLoading: false }
        : { value: asked.peek().value, refusal: answer, isLoading: false };
    });
    return () => leaving.abort();
  }, [key, round.value]);
  return { asked, again };
};
