import type { Clock } from '#platform/clock.ts';

/** Less is what time servers do all day; more would look as if every device had been put forward or back at once. */
const STEP_MS = 500;

/**
 * Our clock. After it was put forward or back, whoever asks first gets the time only once every part has heard of the
 * step.
 */
export const createStationClock = <Given extends Pick<Clock, 'now' | 'elapsed'>>({
  clock,
  onStep,
}: {
  clock: Given;
  /**
   * Hears by how much the clock was put forward, or back when negative. `fromMs` is when it was last asked, by the new
   * time: nothing that arrived since the step arrived before that.
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
