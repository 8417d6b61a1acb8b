import type { DeviceClock, Mark } from './clock.ts';

const shiftMark = (mark: Mark | undefined, byMs: number): Mark | undefined =>
  mark && { ...mark, receivedAt: mark.receivedAt + byMs };

const shiftMarks = ({ vitals, waves, alarms }: DeviceClock['marks'], byMs: number): DeviceClock['marks'] => ({
  vitals: shiftMark(vitals, byMs),
  waves: shiftMark(waves, byMs),
  alarms: shiftMark(alarms, byMs),
});

/** Our own clock was put forward by so much, or back. */
export const shift = (clock: DeviceClock, byMs: number): DeviceClock => {
  const { offsetMs, toldMs, anchorMs, believedMs, run, step } = clock;
  return {
    ...clock,
    offsetMs: offsetMs === null ? null : offsetMs + byMs,
    toldMs: toldMs === null ? null : toldMs + byMs,
    anchorMs: anchorMs === 0 ? 0 : anchorMs + byMs,
    believedMs: believedMs + byMs,
    run: {
      ...run,
      since: run.since + byMs,
      lowMs: run.lowMs + byMs,
      highMs: run.highMs + byMs,
      gaplessSince: run.gaplessSince === null ? null : run.gaplessSince + byMs,
    },
    marks: shiftMarks(clock.marks, byMs),
    step: step && { at: step.at + byMs, isFresh: false, before: shift({ ...step.before, step: null }, byMs) },
  };
};
