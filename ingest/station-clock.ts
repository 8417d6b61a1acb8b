import type { Clock } from '#platform/clock.ts';

/** Less is what time servers do all day; more would look as if every device had been put forward or back at once. */
const STEP_MS = 500;

/** Our clock. Whoever asks it first after it was put forward or back hears the time once all has been told of that. */
export const createStationClock = ({
  clock: { now, elapsed = now },
  onStep,
}: {
  clock: Clock;
  /** By how much it was put forward; negative: back. */
  onStep: (byMs: number) => void;
}): Pick<Clock, 'now'> => {
  let lead = now() - elapsed();
  return {
    now() {
      const at = now();
      const before = lead;
      lead = at - elapsed();
      if (Math.abs(lead - before) > STEP_MS) onStep(lead - before);
      return at;
    },
  };
};
