import { type ReadonlySignal, signal } from '@preact/signals';
import type { PageClock } from './clock.ts';
import type { Session } from './session.ts';

/** Asking renews the session, so that a wall that hangs for months stays signed in. */
const ASK_EVERY_MS = 60 * 60_000;

type Deps = {
  readonly readSession: () => Promise<Session>;
  readonly clock: Pick<PageClock, 'elapsed'>;
  readonly onSignedOut: () => void;
};

/** Whether this browser is signed in, and as what. */
export const createSessionWatch = ({ readSession, clock, onSignedOut }: Deps) => {
  const signedOut = signal(false);
  const isOperator = signal(false);
  let askedAtMs = Number.NEGATIVE_INFINITY;

  const ask = async (): Promise<void> => {
    askedAtMs = clock.elapsed();
    const session = await readSession();
    if (session.state === 'signed-in') isOperator.value = session.isOperator;
    if (session.state !== 'signed-out') return;
    signedOut.value = true;
    onSignedOut();
  };

  const seen: { readonly [Key in 'signedOut' | 'isOperator']: ReadonlySignal<boolean> } = { signedOut, isOperator };
  return {
    ...seen,
    ask,
    /** Asks when it is time. Call often. */
    tick(): void {
      if (clock.elapsed() - askedAtMs > ASK_EVERY_MS && !signedOut.peek()) void ask();
    },
    /** Call after a successful sign-in. */
    resume(): void {
      signedOut.value = false;
      askedAtMs = Number.NEGATIVE_INFINITY;
    },
  };
};
