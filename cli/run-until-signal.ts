import { constants } from 'node:os';
import { systemClock } from '#platform/clock.ts';
import { note } from './output.ts';

/** The program promises to end within ten seconds; the exit itself takes a moment of them. */
const STOP_WITHIN_MS = 9_500;

/** Ctrl-C under npm arrives twice: from the terminal and passed on by npm. That is one wish, not two. */
const ECHO_MS = 1_000;

const endHard = (): void => {
  note('wardwatch: did not stop in time, ending hard');
  process.exit(1);
};

/** Aborts at the first SIGINT or SIGTERM. From then on a second one, or too slow a stop, ends the process hard. */
const abortOnSignal = (): AbortSignal => {
  const abort = new AbortController();
  let firstAt: number | undefined;
  const onSignal = (signal: 'SIGINT' | 'SIGTERM') => {
    if (firstAt !== undefined) {
      if (performance.now() - firstAt > ECHO_MS) process.exit(128 + constants.signals[signal]);
      return;
    }
    firstAt = performance.now();
    systemClock.after(STOP_WITHIN_MS, endHard, 'background');
    abort.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return abort.signal;
};

/** Resolves once it is aborted. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve());
  });

/**
 * Calls `run`, which ends by itself or soon after the signal it is given aborts, then `stop`: also when `run` fails, so
 * that what it opened is closed. Once in a process.
 */
export const runUntilSignal = async ({
  run,
  stop,
}: {
  run: (signal: AbortSignal) => Promise<void>;
  stop?: () => Promise<void>;
}): Promise<void> => {
  const signal = abortOnSignal();
  // An idle event loop would end the process while it waits for a signal.
  const letGo = systemClock.every(2 ** 30, () => undefined);
  try {
    await run(signal);
  } catch (error) {
    // What fails because everything is being stopped is no fault.
    if (!signal.aborted) throw error;
  } finally {
    letGo();
    await stop?.();
  }
};
