import { useSignal } from '@preact/signals';
import type { AgeGroup } from '#domain/vitals.ts';
import type { Refusal } from '../shell/refusal.ts';
import type { Server } from '../shell/server.ts';
import type { Voice } from '../shell/text/language.ts';
import { carryOut, type Move, type MoveOutcome } from './moves.ts';
import type { Overview } from './overview.ts';
import type { Registry } from './registry.ts';
import type { AdminText } from './text/en.ts';

/** What every dialog of the page works with. */
export type Desk = {
  readonly server: Server;
  readonly voice: Voice;
  readonly text: AdminText;
  readonly registry: Registry;
  readonly overview: Overview;
  /** As a person may see it on this screen: the name, or initials. */
  readonly nameOf: (patient: { readonly name: string }) => string;
  /** The present, by the station's clock where it is known. */
  readonly now: () => number;
  readonly open: (dialog: OpenDialog) => void;
  /** Closes the dialog, tells in words what was done, and reads everything again. */
  readonly done: (words: string) => void;
  readonly close: () => void;
  readonly reload: () => void;
};

export type OpenDialog =
  | { readonly kind: 'admit'; readonly bed?: string; readonly patient?: number }
  | { readonly kind: 'transfer' | 'discharge'; readonly bed: string }
  | { readonly kind: 'release'; readonly device: string }
  | { readonly kind: 'assign'; readonly bed?: string; readonly device?: string }
  | { readonly kind: 'device'; readonly id?: string }
  | { readonly kind: 'unit'; readonly id?: string }
  | { readonly kind: 'bed'; readonly id?: string }
  | { readonly kind: 'patient'; readonly id?: number }
  | { readonly kind: 'age-group'; readonly id: number; readonly ageGroup: AgeGroup }
  | { readonly kind: 'interval'; readonly id: string; readonly intervalMs: number }
  | { readonly kind: 'gateway'; readonly id?: string }
  | { readonly kind: 'remove-gateway'; readonly id: string }
  | { readonly kind: 'secret'; readonly id: string; readonly of: 'devices' | 'gateways' }
  /** `unit` undefined: of a gateway, which belongs to none. */
  | {
      readonly kind: 'credentials';
      readonly username: string;
      readonly secret: string;
      readonly unit?: string | undefined;
    };

/** What a 409 means depends on what was asked. */
export type Conflict = Exclude<keyof AdminText['conflicts'], 'settings'>;

const why = ({ reason, detail }: Refusal, conflict: Conflict, text: AdminText): string | undefined => {
  if (reason !== 'conflict') return undefined;
  return detail.startsWith('alarm settings') ? text.conflicts.settings : text.conflicts[conflict];
};

const moveWords = (
  outcome: Exclude<MoveOutcome, { result: 'done' }>,
  conflict: Conflict,
  text: AdminText,
): string | undefined => {
  const reason = why(outcome.refusal, conflict, text) ?? text.refused;
  if (outcome.result === 'unknown') return text.unknown;
  if (outcome.result === 'half') return text.half(reason);
  return outcome.result === 'undone' ? text.undone(reason) : why(outcome.refusal, conflict, text);
};

type Failure = { readonly refusal: Refusal; readonly words: string | undefined };

/** Sends one request, or one move, at a time, and holds why it was not done. */
export const useDeed = ({ server, text, now, reload }: Desk, conflict: Conflict) => {
  const isBusy = useSignal(false);
  const failure = useSignal<Failure | undefined>(undefined);

  const fail = (next: Failure): void => {
    failure.value = next;
    reload();
  };

  return {
    isBusy,
    failure,
    refused(refusal: Refusal): void {
      fail({ refusal, words: why(refusal, conflict, text) });
    },
    async during<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
      if (isBusy.peek()) return undefined;
      isBusy.value = true;
      failure.value = undefined;
      try {
        return await work();
      } finally {
        isBusy.value = false;
      }
    },
    /** True when it is done. */
    async move(move: Omit<Move, 'atMs'>): Promise<boolean> {
      const outcome = await carryOut(server, { ...move, atMs: now() });
      if (outcome.result === 'done') return true;
      fail({ refusal: outcome.refusal, words: moveWords(outcome, conflict, text) });
      return false;
    },
  };
};

export type Deed = ReturnType<typeof useDeed>;
