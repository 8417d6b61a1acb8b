import type { LiveChange } from '#contracts/bus.ts';
import type { SubscribeFrame } from '#contracts/live.ts';
import type { WardFeed } from '#contracts/ports/ward-feed.ts';
import type { WallClock } from '#platform/clock.ts';
import type { Logger } from '#platform/log.ts';
import { createAudience } from './audience.ts';
import type { Heartbeats } from './heartbeats.ts';
import { createJoining, type JoiningDependencies } from './joining.ts';
import { createLaggards, type Laggards } from './laggards.ts';
import type { LiveMetrics } from './metrics.ts';
import type { Screen } from './screen.ts';
import { sendChange } from './sending.ts';

/** Changes and snapshots, on their way to the screens that asked for them. */
export type Delivery = {
  readonly changed: (change: LiveChange) => void;
  /** The screens of the unit need a new snapshot. */
  readonly unitChanged: (unit: string) => void;
  /** The screen asks for this, and for nothing else any more. */
  readonly subscribe: (screen: Screen, frame: SubscribeFrame) => void;
  readonly drop: (screen: Screen) => void;
  /** Gives those that were behind, and have read all, what they are owed. */
  readonly resync: () => void;
  readonly isBehind: (screen: Screen) => boolean;
};

export type DeliveryDependencies = {
  readonly feed: Pick<WardFeed, 'snapshot'>;
  readonly clock: WallClock;
  readonly maxAgeMs: number;
  readonly welcomed: () => Promise<void>;
  readonly heartbeats: Pick<Heartbeats, 'note'>;
  readonly metrics: LiveMetrics;
  readonly log: Logger;
};

/** What becomes of screens that wait for a snapshot. */
const outcomes = (
  { heartbeats, metrics, log }: DeliveryDependencies,
  laggards: Laggards,
): Pick<JoiningDependencies, 'onSnapshot' | 'onUnknown' | 'onFailed'> => ({
  onSnapshot(screen, { unit, epoch, seq, frame }) {
    // It may have fallen behind while the snapshot was made.
    if (screen.mustSkip()) return laggards.owe(screen, unit);
    heartbeats.note(unit, epoch, seq);
    screen.send(frame);
    metrics.framesSent.inc({ type: 'snapshot' });
  },
  onUnknown: (screen, unit) => screen.reject('unit-unknown', `there is no unit ${unit}`),
  onFailed(screen, unit, error) {
    log.warn({ err: error, unit }, 'a screen could not be given a snapshot; it is tried again');
    laggards.owe(screen, unit);
  },
});

export const createDelivery = (deps: DeliveryDependencies): Delivery => {
  const { heartbeats, metrics } = deps;
  const audience = createAudience();
  const laggards = createLaggards({ metrics });
  const sending = { laggards, metrics };
  const joining = createJoining({ ...deps, ...outcomes(deps, laggards) });

  /** Now, or when it has read what waits for it. */
  const bringUp = (screen: Screen, unit: string): void => {
    if (screen.mustSkip()) laggards.owe(screen, unit);
    else joining.join(screen, unit);
  };

  const bringUpAll = (unit: string): void => {
    for (const screen of audience.ofUnit(unit) ?? []) bringUp(screen, unit);
  };

  const leave = (screen: Screen): void => {
    audience.leave(screen);
    for (const unit of screen.units()) joining.leave(screen, unit);
  };

  return {
    changed(change) {
      const { frame } = change;
      if (frame.type === 'wave') return sendChange(audience.ofBed(frame.bed), change, undefined, sending);
      const { unit, epoch, seq } = frame;
      const isOtherEpoch = heartbeats.note(unit, epoch, seq);
      joining.noteChange(frame);
      sendChange(audience.ofUnit(unit), change, joining.waiting(unit), sending);
      // What screens know is of a life that has ended.
      if (isOtherEpoch) bringUpAll(unit);
    },
    unitChanged(unit) {
      joining.forget(unit);
      bringUpAll(unit);
    },
    subscribe(screen, frame) {
      leave(screen);
      screen.subscribe(frame);
      audience.enter(screen);
      for (const unit of screen.units()) bringUp(screen, unit);
    },
    drop(screen) {
      leave(screen);
      laggards.drop(screen);
    },
    resync: () => laggards.resync(bringUp),
    isBehind: laggards.has,
  };
};
