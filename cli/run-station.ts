import { constants } from 'node:os';
import { note } from './output.ts';

/** The promise is ten seconds, the exit itself takes a moment of them. */
const STOP_WITHIN_MS = 9_500;

/** Ctrl-C under npm arrives twice: from the terminal and passed on by npm. That is one wish, not two. */
const ECHO_MS = 1_000;

/** Resolves at the first SIGINT or SIGTERM. From then on a second one, or too slow a stop, ends the process hard. */
const firstSignal = (): Promise<void> =>
  new Promise((resolve) => {
    let firstAt: number | undefined;
    const onSignal = (signal: 'SIGINT' | 'SIGTERM') => {
      if (firstAt !== undefined) {
        if (performance.now() - firstAt > ECHO_MS) process.exit(128 + constants.signals[signal]);
        return;
      }
      firstAt = performance.now();
      setTimeout(() => {
        note('wardwatch: did not stop in time, ending hard; what was acknowledged is safe in the journal');
        process.exit(1);
      }, STOP_WITHIN_MS).unref();
      resolve();
    };
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  });

/**
 * Starts, then stays until a signal, then stops. Also when start fails: what it opened before is closed and its error
 * goes on to the caller. Never call it twice in a process.
 */
export const runUntilSignal = async ({
  start,
  stop,
}: {
  start: () => Promise<void>;
  stop: () => Promise<void>;
}): Promise<void> => {
  const signalled = firstSignal();
  try {
    await start();
    await signalled;
  } finally {
    await stop();
  }
};
