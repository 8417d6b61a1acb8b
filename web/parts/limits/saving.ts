import { useSignal } from '@preact/signals';
import type { Refusal } from '../../shell/refusal.ts';
import type { Answer } from '../../shell/server.ts';

type Deps<Row> = {
  /** Puts the draft in the place of what was read; refused as `stale` when somebody else has changed that meanwhile. */
  readonly store: (reason: string) => Promise<Answer<Row>>;
  readonly onStored: (row: Row) => void;
  readonly onStale: () => void;
};

/** The saving of changed limits with a reason, one at a time, and why it was refused. */
export const useSaving = <Row>({ store, onStored, onStale }: Deps<Row>) => {
  const reason = useSignal('');
  const refusal = useSignal<Refusal | undefined>(undefined);
  const isBusy = useSignal(false);

  const save = async (): Promise<void> => {
    isBusy.value = true;
    refusal.value = undefined;
    const answer = await store(reason.peek().trim());
    isBusy.value = false;
    if (answer.isOk) {
      reason.value = '';
      onStored(answer.value);
      return;
    }
    refusal.value = answer;
    if (answer.reason === 'stale') onStale();
  };

  return {
    reason,
    refusal,
    isBusy,
    save,
    /** The draft was changed, so the refusal was about another draft. */
    clear(): void {
      refusal.value = undefined;
    },
  };
};

export type Saving = ReturnType<typeof useSaving>;
