import type { Channel } from '#contracts/mqtt/topics.ts';

/**
 * What is known of a device's clock, from the delays between its times and ours. Pure. Decision 0009 says why so.
 *
 * - A delay is the offset of the clock and the time on the way, which is never negative: the least delay is the most
 *   that the offset can be, and what is less lowers it at once.
 * - A delay that grows is time on the way, or a clock that was put back. It is the clock when the device goes on in its
 *   order and its times go back; or when it stays so, as far as that cannot make what is old look new.
 * - A clock that is behind is trusted only once the device has told the time by it, with the same offset.
 */
export type DeviceClock = {
  /** Station minus device, at most: positive for a clock that is behind. null: not heard yet. */
  readonly offsetMs: number | null;
  /** It has been so for a while. */
  readonly isSteady: boolean;
  /** The device told the same: what is late by its own word is late, and nothing else. */
  readonly isProven: boolean;
  /** By the newest time that it told when it sent it. */
  readonly toldMs: number | null;
  /** What is believed while nothing is proven: it is right, but for what our own clock was put forward or back meanwhile. */
  readonly believedMs: number;
  /** Added to its times when they cannot be any (1970); 0: they are kept as they are. */
  readonly anchorMs: number;
  /** It started or linked anew: a delay that is steady is then the clock's, whatever was known. */
  readonly isAnew: boolean;
  readonly run: Run;
  readonly marks: { readonly [Channel in Measuring]: Mark | undefined };
  /** The newest step, and what was known before it. */
  readonly step: Step | null;
};

export type Measuring = Exclude<Channel, 'status'>;

/** Where the device is in its order. */
type Mark = {
  readonly boot: string;
  readonly seq: number;
  readonly time: number;
  readonly sent: number | undefined;
  readonly receivedAt: number;
};

/** Delays that stayed within a narrow band. */
type Run = {
  readonly since: number;
  readonly count: number;
  readonly lowMs: number;
  readonly highMs: number;
  /** No number was missing since then; null: it does not count its messages. */
  readonly gaplessSince: number | null;
};

type Step = {
  readonly at: number;
  readonly before: DeviceClock;
  /** Nothing was heard since: it may have been one message with a time of its own. */
  readonly isFresh: boolean;
};

/** A payload that is not a repeat. */
export type Heard = {
  readonly channel: Measuring;
  readonly boot: string;
  /** Least and greatest; −1: it has none. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly count: number;
  /** When the oldest and the newest of it were measured. */
  readonly oldest: number;
  readonly time: number;
  readonly sent: number | undefined;
  readonly receivedAt: number;
  /** The newest of it is at a time that cannot be. */
  readonly isImplausible: boolean;
};

export type Placed = {
  /** As it is stored. */
  readonly time: number;
  /** When it was measured by our clock, as far as is known. */
  readonly measuredAt: number;
  /** At the earliest and at the latest. */
  readonly from: number;
  readonly to: number;
  /** By a clock that was put right since, or waiting for a link: it is not of now. */
  readonly isOutdated: boolean;
};

/** Less is the network. */
export const STEP_MS = 2_000;
const STEADY_FOR_MS = 10_000;
const STEADY_MESSAGES = 5;
/** Clocks that run this far apart share no day: times by such a clock are not kept. */
export const DAY_MS = 86_400_000;
/** How long after a step, or how far back by a clock that is not steady, it is not certain when something was measured. */
const DOUBT_MS = 30_000;
/** How long what has no time may have been on its way. */
export const UNDATED_DOUBT_MS = 5_000;
/** What is seen of a clock that runs. */
const RUNNING_MS = 500;
/** The same message must be stored at the same time when it comes again. */
const ANCHOR_STEP_MS = 250;

const NO_RUN: Run = {
  since: 0,
  count: 0,
  lowMs: Number.POSITIVE_INFINITY,
  highMs: Number.NEGATIVE_INFINITY,
  gaplessSince: null,
};

export const UNKNOWN_CLOCK: DeviceClock = {
  offsetMs: null,
  isSteady: false,
  isProven: false,
  toldMs: null,
  believedMs: 0,
  anchorMs: 0,
  isAnew: true,
  run: NO_RUN,
  marks: { vitals: undefined, waves: undefined },
  step: null,
};

const isNear = (one: number, other: number): boolean => Math.abs(one - other) <= STEP_MS;

type Order = 'first' | 'next' | 'gap' | 'again';

const orderOf = (mark: Mark | undefined, { boot, firstSeq, lastSeq }: Heard): Order => {
  if (!mark || mark.boot !== boot) return 'first';
  if (lastSeq < 0 || firstSeq === mark.seq + 1) return 'next';
  if (lastSeq > mark.seq) return 'gap';
  // One that names no boots begins to count anew.
  return boot === '' && firstSeq <= 1 && mark.seq > 1 ? 'first' : 'again';
};

const gaplessSince = (run: Run, order: Order, { receivedAt, lastSeq }: Heard): number | null => {
  if (lastSeq < 0) return null;
  return order === 'next' ? (run.gaplessSince ?? receivedAt) : receivedAt;
};

const extend = (run: Run, delayMs: number, order: Order, heard: Heard): Run => {
  const { receivedAt } = heard;
  const lowMs = Math.min(run.lowMs, delayMs);
  const highMs = Math.max(run.highMs, delayMs);
  const gapless = gaplessSince(run, order, heard);
  if (run.count === 0 || highMs - lowMs > STEP_MS) {
    return { since: receivedAt, count: 1, lowMs: delayMs, highMs: delayMs, gaplessSince: gapless };
  }
  return { since: run.since, count: run.count + 1, lowMs, highMs, gaplessSince: gapless };
};

const isSteadyRun = (run: Run, at: number): boolean => run.count >= STEADY_MESSAGES && at - run.since >= STEADY_FOR_MS;

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

/** Of a clock that was never set: whether it is one, rather than something old that is sent now. */
const isUnset = (clock: DeviceClock, mark: Mark | undefined, heard: Heard): boolean => {
  if (clock.anchorMs !== 0) return true;
  if (heard.count > 1) return false;
  if (heard.lastSeq >= 0) return true;
  // Without numbers it must at least run as ours does.
  if (!mark) return false;
  const passedMs = heard.time - mark.time;
  return passedMs >= RUNNING_MS && Math.abs(passedMs - (heard.receivedAt - mark.receivedAt)) < RUNNING_MS;
};

type Editable<Thing> = { -readonly [Key in keyof Thing]: Thing[Key] };

export type Hearing = {
  readonly clock: DeviceClock;
  /** By how much the device's clock, as its stored times have it, was put forward: negative when it was put back. */
  readonly stepMs: number;
};

const effective = ({ offsetMs, anchorMs }: DeviceClock): number => (offsetMs ?? 0) - anchorMs;

const withMark = ({ vitals, waves }: DeviceClock['marks'], channel: Measuring, mark: Mark): DeviceClock['marks'] =>
  channel === 'vitals' ? { vitals: mark, waves } : { vitals, waves: mark };

/** What follows from what is known now. `isStep`: the clock was put forward or back. */
const finish = (before: DeviceClock, next: DeviceClock, heard: Heard, isStep: boolean): Hearing => {
  const settled = settle(next, heard.receivedAt);
  const anchorMs = anchorOf(settled, heard.isImplausible);
  const clock = anchorMs === settled.anchorMs ? settled : { ...settled, anchorMs };
  const stepMs = isStep ? effective(before) - effective(clock) : 0;
  return { clock, stepMs: Math.abs(stepMs) < STEP_MS ? 0 : stepMs };
};

/** Nothing that was known of its offset holds any more. */
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
  // It does not run at all.
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

/** One message had a time of its own, or it is the past that is played: the clock is as it was. */
const wasNone = ({ before }: Step, offsetMs: number, delayMs: number): boolean =>
  before.offsetMs !== null &&
  (isNear(delayMs, before.offsetMs) || (offsetMs > before.offsetMs && delayMs < offsetMs - RUNNING_MS));

/** In the order of the device its time went back: not what is late, nor what is sent again. */
const wentBack = (mark: Mark, { time, sent, oldest, receivedAt }: Heard): boolean => {
  if (sent !== undefined && mark.sent !== undefined) return sent < mark.sent;
  // What holds more than has passed since the last is the past.
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

const shiftMarks = ({ vitals, waves }: DeviceClock['marks'], byMs: number): DeviceClock['marks'] => ({
  vitals: vitals && { ...vitals, receivedAt: vitals.receivedAt + byMs },
  waves: waves && { ...waves, receivedAt: waves.receivedAt + byMs },
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
  if (!known.isSteady && isAnchored) from -= UNDATED_DOUBT_MS;
  if (!known.isSteady && !isAnchored && offsetMs < believedMs - STEP_MS) from -= DOUBT_MS;
  if (step && !isAnchored && receivedAt - step.at < DOUBT_MS) {
    const otherMs = (known === clock ? step.before : clock).offsetMs ?? 0;
    from = Math.min(from, time + Math.min(0, otherMs));
    to = Math.max(to, Math.min(receivedAt, time + Math.max(0, otherMs)));
  }
  return { time: stored, measuredAt, from: Math.min(from, to), to, isOutdated };
};
