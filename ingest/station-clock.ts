import type { Clock } from '#platform/clock.ts';

/** Less is what time servers do all day; more would look as if every device had been put forward or back at once. */
const STEP_MS = 500;

/** Our clock. Whoever asks it first after it was put forward or back hears the time once all has been told of that. */
export const createStationClock = <Given extends Pick<Clock, 'now' | 'elapsed'>>({
  clock,
  onStep,
}: {
  clock: Given;
  /**
   * By how much it was put forward; negative: back. `fromMs`: when it was last asked, by the time as it now is. Nothing that
   * arrived since the step arrived before that.
   */
  onStep: (byMs: number, fromMs: number) => void;
}): Given => {
  const { now, elapsed } = clock;
  let asked = elapsed();
  let lead = now() - asked;
  return {
    ...clock,
    now() {
      const at = now();
      const [askedBefore, leadBefore] = [asked, lead];
      asked = elapsed();
      lead = at - asked;
      if (Math.abs(lead - leadBefore) > STEP_MS) onStep(lead - leadBefore, askedBefore + lead);
      return at;
    },
  };
};
