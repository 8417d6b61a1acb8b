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
  /** The offset has been the same for a while. */
  readonly isSteady: boolean;
  /** The device reported the same offset: a message that is late by the device's own word is late, and no other is. */
  readonly isProven: boolean;
  /** The offset by the newest time that the device reported when it sent it. */
  readonly toldMs: number | null;
  /**
   * What is believed while nothing is proven: the clock is right, except for the steps that our own clock made
   * meanwhile.
   */
  readonly believedMs: number;
  /** Added to the device's times when they cannot be right (1970); 0: they are kept as they are. */
  readonly anchorMs: number;
  /** The device started or linked anew: a steady delay is then taken for the offset, whatever was known. */
  readonly isAnew: boolean;
  readonly run: Run;
  readonly marks: { readonly [Channel in Measuring]: Mark | undefined };
  /** The newest step, and what was known before it. */
  readonly step: Step | null;
};

export type Measuring = Exclude<Channel, 'status'>;

/** Where the device is in its order. */
export type Mark = {
  readonly boot: string;
  readonly seq: number;
  readonly time: number;
  readonly sent: number | undefined;
  readonly receivedAt: number;
};

/** Delays that stayed within a narrow band. */
export type Run = {
  readonly since: number;
  readonly count: number;
  readonly lowMs: number;
  readonly highMs: number;
  /** No number was missing since then; null: it does not count its messages. */
  readonly gaplessSince: number | null;
};

export type Step = {
  readonly at: number;
  readonly before: DeviceClock;
  /** The device was not heard since: the step may have been one message with a time of its own. */
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
  /** The newest of it has an impossible time. */
  readonly isImplausible: boolean;
};

/** Smaller differences come from the network. */
export const STEP_MS = 2_000;
export const STEADY_FOR_MS = 10_000;
export const STEADY_MESSAGES = 5;
/** Clocks that run this far apart share no day: times by such a clock are not kept. */
export const DAY_MS = 86_400_000;
/** How long after a step, or how far back by a clock that is not steady, it is not certain when something was measured. */
export const UNCERTAIN_MS = 30_000;
/** How long a message without a time may have been on its way. */
export const UNDATED_SPAN_MS = 5_000;
/** After so much time the clock is seen to run. */
export const RUNNING_MS = 500;
/** The same message must be stored at the same time when it comes again. */
export const ANCHOR_STEP_MS = 250;

export const NO_RUN: Run = {
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
  marks: { vitals: undefined, waves: undefined, alarms: undefined },
  step: null,
};

export const isNear = (one: number, other: number): boolean => Math.abs(one - other) <= STEP_MS;
