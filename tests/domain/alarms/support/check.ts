import fc from 'fast-check';
import { type Drawn, type Played, play, runEngine, someHistory, someOldHistory } from './histories.ts';
import { withTicks } from './ticks.ts';

/**
 * The number of histories for checks that judge every event. The faults that they find are rare mixtures: the last one
 * took 177 histories.
 */
export const MANY_RUNS = 250;
/** The number of histories for checks of one rule, which each history meets many times. */
const SOME_RUNS = 100;

/**
 * Checks histories from another seed in each run. A check fails by throwing, which prints the seed and path to run it
 * again.
 */
export const forHistories = (check: (history: Drawn) => void, numRuns = SOME_RUNS, histories = someHistory): void => {
  fc.assert(
    fc.property(histories, (history) => {
      check(history);
    }),
    { numRuns },
  );
};

/** Checks every history as the engine lived it, with a tick once a second. */
export const forPlayed = (check: (played: readonly Played[], history: Drawn) => void, numRuns = SOME_RUNS): void =>
  forHistories((history) => check(runEngine(withTicks(play(history)), history.config), history), numRuns);

/** Checks histories by the rules and presets of release 0.1.0. */
export const forOldPlayed = (check: (played: readonly Played[], history: Drawn) => void, numRuns = SOME_RUNS): void =>
  forHistories(
    (history) => check(runEngine(withTicks(play(history)), history.config), history),
    numRuns,
    someOldHistory,
  );
