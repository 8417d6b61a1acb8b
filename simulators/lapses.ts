import type { Random } from './random.ts';

/** Which device of a bed with several fails when, so that another is seen to take over. */

export type BedDevice = 'monitor' | 'ventilator' | 'oximeter';

export type Lapse = {
  readonly device: BedDevice;
  /** `silent`: it sends nothing. `probe-off`: it sends, and has no value of what its probe measures. */
  readonly kind: 'silent' | 'probe-off';
};

const LAPSES: readonly [Lapse, ...Lapse[]] = [
  { device: 'monitor', kind: 'probe-off' },
  { device: 'monitor', kind: 'silent' },
  { device: 'ventilator', kind: 'silent' },
  { device: 'ventilator', kind: 'probe-off' },
  { device: 'oximeter', kind: 'silent' },
  { device: 'oximeter', kind: 'probe-off' },
];

/** Soon enough that who looks at a demo for some minutes sees one. */
const FIRST_AFTER_MS = [60_000, 240_000] as const;
const NEXT_AFTER_MS = [180_000, 480_000] as const;
const LASTS_MS = 60_000;

/**
 * One device at a time fails for a minute. `hasOwnAlarms`: the monitor reports its alarms and is never silent, because
 * what begins or ends meanwhile would never be told.
 */
export const createLapses = ({ random, hasOwnAlarms }: { random: Random; hasOwnAlarms: boolean }) => {
  const draw = (): Lapse => {
    const lapse = random.pick(LAPSES);
    return hasOwnAlarms && lapse.device === 'monitor' ? { device: 'monitor', kind: 'probe-off' } : lapse;
  };
  let present: Lapse | undefined;
  let changesAtMs = random.between(...FIRST_AFTER_MS);
  /** Call for each second from 0 on, in order. */
  return (atMs: number): Lapse | undefined => {
    if (atMs < changesAtMs) return present;
    present = present ? undefined : draw();
    changesAtMs = atMs + (present ? LASTS_MS : random.between(...NEXT_AFTER_MS));
    return present;
  };
};
