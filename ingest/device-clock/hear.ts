import {
  ANCHOR_STEP_MS,
  type DeviceClock,
  type Heard,
  isNear,
  type Mark,
  type Measuring,
  NO_RUN,
  RUNNING_MS,
  STEP_MS,
  type Step,
} from './clock.ts';
import { extend, type Order, orderOf } from './run.ts';
import { finish, type Hearing } from './settle.ts';

/** Whether the clock was never set; otherwise an implausible time is of something old that is sent now. */
const isUnset = (clock: DeviceClock, mark: Mark | undefined, heard: Heard): boolean => {
  if (clock.anchorMs !== 0) return true;
  if (heard.count > 1) return false;
  if (heard.lastSeq >= 0) return true;
  // A device that does not number its messages must at least have a clock that runs as ours does.
  if (!mark) return false;
  const passedMs = heard.time - mark.time;
  return passedMs >= RUNNING_MS && Math.abs(passedMs - (heard.receivedAt - mark.receivedAt)) < RUNNING_MS;
};

type Editable<Thing> = { -readonly [Key in keyof Thing]: Thing[Key] };

const withMark = (marks: DeviceClock['marks'], channel: Measuring, mark: Mark): DeviceClock['marks'] => ({
  ...marks,
  [channel]: mark,
});

/** The clock stepped: nothing that was known of its offset holds any more. */
const stepTo = (before: DeviceClock, clock: DeviceClock, delayMs: number, order: Order, heard: Heard): Hearing => {
  const told = heard.sent === undefined ? null : delayMs;
  const run = extend(NO_RUN, delayMs, order, heard);
  const next = { ...clock, offsetMs: delayMs, isSteady: false, isProven: false, believedMs: 0, toldMs: told, run };
  const step = { at: heard.receivedAt, before: { ...before, step: null }, isFresh: true };
  return finish(before, { ...next, step }, heard, true);
};

/** Takes in a payload that is not a repeat. It runs for every message: what stays as it was is not made anew. */
export const hear = (before: DeviceClock, heard: Heard): Hearing => {
  const { channel, boot, lastSeq: seq, time, sent, receivedAt, isImplausible } = heard;
  const mark = before.marks[channel];
  const order = orderOf(mark, heard);
  if (order === 'again') return { clock: before, stepMs: 0 };
  const marks = withMark(before.marks, channel, { boot, seq, time, sent, receivedAt });
  if (isImplausible && !isUnset(before, mark, heard)) return { clock: { ...before, marks }, stepMs: 0 };

  const delayMs = receivedAt - (sent ?? time);
  const { offsetMs, step } = before;
  const clock: Editable<DeviceClock> = {
    offsetMs,
    isSteady: before.isSteady,
    isProven: before.isProven,
    toldMs: sent === undefined ? before.toldMs : delayMs,
    believedMs: before.believedMs,
    anchorMs: before.anchorMs,
    isAnew: before.isAnew || order === 'first',
    run: extend(before.run, delayMs, order, heard),
    marks,
    step: step?.isFresh ? { ...step, isFresh: false } : step,
  };

  if (offsetMs === null) return finish(before, { ...clock, offsetMs: delayMs }, heard, false);
  if (isImplausible && before.anchorMs === 0) return stepTo(before, clock, delayMs, order, heard);
  // The clock does not run at all.
  if (isImplausible && mark && seq > mark.seq && time <= mark.time && delayMs > offsetMs + ANCHOR_STEP_MS) {
    return finish(before, { ...clock, offsetMs: delayMs, isSteady: false }, heard, false);
  }
  if (step?.isFresh && wasNone(step, offsetMs, delayMs)) return finish(before, { ...step.before, marks }, heard, true);
  if (delayMs < offsetMs - STEP_MS) {
    if (before.isSteady && order === 'next') return stepTo(before, clock, delayMs, order, heard);
    const toldMs = sent === undefined ? null : delayMs;
    const less = { toldMs, offsetMs: delayMs, isSteady: false, isProven: false, believedMs: 0 };
    return finish(before, { ...clock, ...less }, heard, false);
  }
  if (delayMs > offsetMs + STEP_MS && mark && order !== 'first' && wentBack(mark, heard)) {
    return stepTo(before, clock, delayMs, order, heard);
  }
  clock.offsetMs = Math.min(offsetMs, delayMs);
  return finish(before, clock, heard, false);
};

/**
 * Whether there was no step: one message had a time of its own, or old messages are played, and the clock is as it was.
 */
const wasNone = ({ before }: Step, offsetMs: number, delayMs: number): boolean =>
  before.offsetMs !== null &&
  (isNear(delayMs, before.offsetMs) || (offsetMs > before.offsetMs && delayMs < offsetMs - RUNNING_MS));

/** Whether the device's time went back in the device's own order. Late and repeated messages are not in that order. */
const wentBack = (mark: Mark, { time, sent, oldest, receivedAt }: Heard): boolean => {
  if (sent !== undefined && mark.sent !== undefined) return sent < mark.sent;
  // A message that spans more time than has passed since the last one is from the past.
  return time < mark.time && time - oldest < receivedAt - mark.receivedAt + RUNNING_MS;
};

/** The device told the time by its clock, when it sent it. */
export const hearTold = (clock: DeviceClock, time: number, receivedAt: number): DeviceClock => {
  const toldMs = receivedAt - time;
  const { offsetMs } = clock;
  if (offsetMs === null) return { ...clock, toldMs, offsetMs: toldMs };
  if (toldMs >= offsetMs - STEP_MS) return { ...clock, toldMs, offsetMs: Math.min(offsetMs, toldMs) };
  return { ...clock, toldMs, offsetMs: toldMs, isSteady: false, isProven: false, believedMs: 0, run: NO_RUN };
};
