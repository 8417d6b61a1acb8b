import type { Priority } from '#domain/alarms/conditions.ts';

/**
 * What is heard. The alarm bursts lie inside IEC 60601-1-8 Tables 3 and 4 (the tests hold the ranges); the figures are
 * the middle of each range. All times in milliseconds.
 */

/** `link-lost` is the failure of an alarm system, which may sound as it likes as long as it goes on (12.3). */
export type SoundId = Priority | 'link-lost' | 'ready';

export type Burst = {
  readonly pulseMs: number;
  /** The time from the end of each pulse to the start of the next; one fewer than there are pulses. */
  readonly gapsMs: readonly number[];
  /** The time from the end of a burst to the start of the next; null: the burst is played once. */
  readonly intervalMs: number | null;
  /** The same, when there is something new to tell. */
  readonly leastIntervalMs: number;
  /** Fundamental of each pulse; the last one holds for the rest. */
  readonly hertz: readonly number[];
  /** Peak level, 1 is full. High is the loudest, low the softest. */
  readonly level: number;
};

/** C5: fundamental and harmonics 2 to 5 lie in 150 to 4 000 Hz, where small loudspeakers and old ears still work. */
const ALARM_HERTZ = [523.25] as const;

export const BURSTS = {
  high: {
    pulseMs: 150,
    gapsMs: [100, 100, 350, 100, 700, 100, 100, 350, 100],
    intervalMs: 5_000,
    leastIntervalMs: 2_500,
    hertz: ALARM_HERTZ,
    level: 0.9,
  },
  medium: {
    pulseMs: 200,
    gapsMs: [200, 200],
    intervalMs: 10_000,
    leastIntervalMs: 2_500,
    hertz: ALARM_HERTZ,
    level: 0.75,
  },
  low: { pulseMs: 200, gapsMs: [], intervalMs: 20_000, leastIntervalMs: 16_000, hertz: ALARM_HERTZ, level: 0.6 },
  /**
   * Long falling pairs, unlike any alarm burst: while the link is lost nothing is known of the ward, and silence means
   * nothing.
   */
  'link-lost': {
    pulseMs: 700,
    gapsMs: [50],
    intervalMs: 1_500,
    leastIntervalMs: 1_500,
    hertz: [392, 293.66],
    level: 0.75,
  },
  /** Says that sound is on: short, rising, once, and so no alarm. */
  ready: { pulseMs: 60, gapsMs: [40], intervalMs: null, leastIntervalMs: 0, hertz: [659.25, 880], level: 0.3 },
} as const satisfies Record<SoundId, Burst>;

/** Level of fundamental and harmonics, the weakest 10 dB below the strongest. */
export const HARMONICS = [1, 0.7, 0.55, 0.42, 0.32] as const;

/** Rise and fall as a share of the pulse; both lie inside it, so that no pulse runs into the next. */
export const ENVELOPE = { rise: 0.15, fall: 0.2 } as const;
