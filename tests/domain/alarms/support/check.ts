import fc from 'fast-check';
import { type Drawn, type Played, play, runEngine, someHistory } from './histories.ts';
import { withTicks } from './ticks.ts';

/** Another seed each run; a failure prints it and the path, to be put here and run again. */
const PARAMETERS = { numRuns: 250 };

/** Of every history; a check fails by throwing. */
export const forHistories = (check: (history: Drawn) => void): void => {
  fc.assert(
    fc.property(someHistory, (history) => {
      check(history);
    }),
    PARAMETERS,
  );
};

/** Of every history as the engine lived it, told about the time once a second. */
export const forPlayed = (check: (played: readonly Played[], history: Drawn) => void): void =>
  forHistories((history) => check(runEngine(withTicks(play(history)), history.config), history));
