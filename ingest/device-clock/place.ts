import { DAY_MS, type DeviceClock, type Measuring, STEP_MS, UNCERTAIN_MS, UNDATED_SPAN_MS } from './clock.ts';

export type Placed = {
  /** The time that is stored. */
  readonly time: number;
  /** When it was measured by our clock, as far as is known. */
  readonly measuredAt: number;
  /** The message was measured at the earliest `from` and at the latest `to`. */
  readonly from: number;
  readonly to: number;
  /** The message was measured by a clock that was put right since, or it waited for a link: it is not of now. */
  readonly isOutdated: boolean;
};

/** A message of the device: its place in the order of all, and when it was measured by the device's clock. */
type Dated = { readonly boot: string; readonly seq: number; readonly time: number };

/** When it was measured, by what is known of the clock. undefined: at a time that cannot be. */
export const place = (
  clock: DeviceClock,
  channel: Measuring,
  { boot, seq, time }: Dated,
  receivedAt: number,
  isPlausible: boolean,
): Placed | undefined => {
  const { step } = clock;
  const last = step?.before.marks[channel];
  const isOutdated = last !== undefined && seq >= 0 && last.boot === boot && seq <= last.seq;
  const known = isOutdated && step ? step.before : clock;
  const { anchorMs, offsetMs, believedMs } = known;
  if (!isPlausible && anchorMs === 0) return undefined;
  const isAnchored = anchorMs !== 0 && (!isPlausible || known.isProven);
  const stored = isAnchored ? time + anchorMs : time;
  if (offsetMs === null || isAnchored !== (anchorMs !== 0)) {
    const from = time > receivedAt + STEP_MS ? receivedAt - DAY_MS : Math.min(time, receivedAt);
    return { time: stored, measuredAt: from, from, to: receivedAt, isOutdated };
  }

  const isTrusted = known.isProven || isAnchored || offsetMs <= believedMs;
  const measuredAt = Math.min(receivedAt, time + (isTrusted ? offsetMs : believedMs));
  let from = measuredAt;
  let to = Math.min(receivedAt, time + offsetMs);
  if (!known.isSteady && isAnchored) from -= UNDATED_SPAN_MS;
  if (!known.isSteady && !isAnchored && offsetMs < believedMs - STEP_MS) from -= UNCERTAIN_MS;
  if (step && !isAnchored && receivedAt - step.at < UNCERTAIN_MS) {
    const otherMs = (known === clock ? step.before : clock).offsetMs ?? 0;
    from = Math.min(from, time + Math.min(0, otherMs));
    to = Math.max(to, Math.min(receivedAt, time + Math.max(0, otherMs)));
  }
  return { time: stored, measuredAt, from: Math.min(from, to), to, isOutdated };
};
