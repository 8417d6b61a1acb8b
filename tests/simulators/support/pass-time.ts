import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FakeClock } from '../../support/fake-clock.ts';

/** Less than any wait of the simulators' loops. */
const STEP_MS = 10;

/** A message to a socket of this process and its answer take fewer turns of the event loop than these. */
const TURNS_A_STEP = 10;

/** Lets the time of the clock pass, step by step, until `work` is settled. In between real sockets are served. */
export const passTime = async <Result>(clock: FakeClock, work: Promise<Result>): Promise<Result> => {
  let isSettled = false;
  const settled = () => {
    isSettled = true;
  };
  work.then(settled, settled);
  while (!isSettled) {
    clock.advance(STEP_MS);
    for (let turn = 0; turn < TURNS_A_STEP; turn++) await nextTurn();
  }
  return work;
};
