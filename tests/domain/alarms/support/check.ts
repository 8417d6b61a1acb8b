import fc from 'fast-check';
import { type Drawn, type Played, play, runEngine, someHistory, someOldHistory } from './histories.ts';
import { withTicks } from './ticks.ts';

/** For checks that judge everything told. Their faults are rare mixtures: the last one found took 177 histories. */
export const MANY_RUNS = 250;
/** For checks of one rule, which each history meets many times. */
const SOME_RUNS = 100;

/** Of histories from another seed each run; a check fails by throwing, which prints the seed and path to run it again. */
export const forHistories = (check: (history: Drawn) => void, numRuns = SOME_RUNS, histories = someHistory): void => {
  fc.assert(
    fc.property(histories, (history) => {
      check(history);
    }),
    { numRuns },
  );
};

/** Of every history as the engine lived it, told about the time once a second. */
export const forPlayed = (check: (played: readonly Played[], history: Drawn) => void, numRuns = SOME_RUNS): void =>
  forHistories((history) => check(runEngine(withTicks(play(history)), history.config), history), numRuns);

/** Of histories by the rules and presets of release 0.1.0. */
export const forOldPlayed = (check: (played: readonly Played[], history: Drawn) => void, numRuns = SOME_RUNS): void =>
  forHistories(
    (history) => check(runEngine(withTicks(play(history)), history.config), history),
    numRuns,
    someOldHistory,
  );
