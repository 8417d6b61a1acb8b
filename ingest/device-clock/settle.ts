import { ANCHOR_STEP_MS, DAY_MS, type DeviceClock, type Heard, isNear, STEADY_FOR_MS, STEP_MS } from './clock.ts';
import { isSteadyRun } from './run.ts';

export type Hearing = {
  readonly clock: DeviceClock;
  /** By how much the device's clock, as its stored times show it, was put forward: negative when it was put back. */
  readonly stepMs: number;
};

/** What a run that stays within its band says. */
const settle = (clock: DeviceClock, at: number): DeviceClock => {
  const { run, toldMs, offsetMs, isProven } = clock;
  if (offsetMs === null || !isSteadyRun(run, at)) return clock;
  const isTold = toldMs !== null && isNear(toldMs, run.lowMs);
  const isDrift = isNear(run.lowMs, offsetMs);
  const mayRise =
    isTold || (!isProven && (isDrift || (clock.isAnew && toldMs === null) || isNear(run.lowMs, clock.believedMs)));
  const settled = mayRise ? Math.max(offsetMs, run.lowMs) : offsetMs;
  if (!isNear(run.lowMs, settled)) return clock;
  const isGapless = run.gaplessSince !== null && at - run.gaplessSince >= STEADY_FOR_MS;
  const isNowProven = isProven || (isTold && isGapless);
  // Nearly every message of a device ends here.
  if (settled === offsetMs && clock.isSteady && isNowProven === isProven && !clock.isAnew) return clock;
  return { ...clock, offsetMs: settled, isSteady: true, isProven: isNowProven, isAnew: false };
};

const anchorOf = (clock: DeviceClock, isImplausible: boolean): number => {
  const offsetMs = clock.offsetMs ?? 0;
  const isKept = !isImplausible && !(clock.isProven && Math.abs(offsetMs) >= DAY_MS);
  if (isKept) return 0;
  return Math.abs(clock.anchorMs - offsetMs) <= ANCHOR_STEP_MS ? clock.anchorMs : offsetMs;
};

const effective = ({ offsetMs, anchorMs }: DeviceClock): number => (offsetMs ?? 0) - anchorMs;

/** What follows from what is known now. `isStep`: the clock was put forward or back. */
export const finish = (before: DeviceClock, next: DeviceClock, heard: Heard, isStep: boolean): Hearing => {
  const settled = settle(next, heard.receivedAt);
  const anchorMs = anchorOf(settled, heard.isImplausible);
  const clock = anchorMs === settled.anchorMs ? settled : { ...settled, anchorMs };
  const stepMs = isStep ? effective(before) - effective(clock) : 0;
  return { clock, stepMs: Math.abs(stepMs) < STEP_MS ? 0 : stepMs };
};
