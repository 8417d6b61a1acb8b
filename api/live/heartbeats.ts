import type { HeartbeatFrame } from '#contracts/live.ts';
import type { WallClock } from '#platform/clock.ts';
import type { Screen } from './screen.ts';
import { type WireFrame, wireFrame } from './wire-frame.ts';

type Place = { epoch: string; seq: number };

/** Tells screens every second that the link lives, and which change of each of their units was the last. */
export type Heartbeats = {
  /** The last change of the unit. True when it is of another epoch than the one before. */
  readonly note: (unit: string, epoch: string, seq: number) => boolean;
  /** `behind`: to those we vouch for no seq: they would ask for what they are going to get anyway. */
  readonly beat: (screens: Iterable<Screen>, isBehind: (screen: Screen) => boolean) => void;
};

export const createHeartbeats = ({ clock }: { clock: WallClock }): Heartbeats => {
  const places = new Map<string, Place>();

  const frameOf = (time: number, units: Iterable<string>): WireFrame => {
    const frame: HeartbeatFrame = { type: 'heartbeat', time, seq: {}, epoch: {} };
    for (const unit of units) {
      const place = places.get(unit);
      if (!place) continue;
      frame.seq[unit] = place.seq;
      frame.epoch[unit] = place.epoch;
    }
    return wireFrame(JSON.stringify(frame));
  };

  return {
    note(unit, epoch, seq) {
      const place = places.get(unit);
      if (!place) {
        places.set(unit, { epoch, seq });
        return false;
      }
      const isOtherEpoch = place.epoch !== epoch;
      place.epoch = epoch;
      place.seq = seq;
      return isOtherEpoch;
    },
    beat(screens, isBehind) {
      const time = clock.now();
      /** Screens that watch the same units share one. */
      const shared = new Map<string, WireFrame>();
      for (const screen of screens) {
        screen.checkLife();
        const key = isBehind(screen) ? '' : screen.unitsKey();
        const frame = shared.get(key) ?? frameOf(time, key === '' ? [] : screen.units());
        shared.set(key, frame);
        screen.send(frame);
      }
    },
  };
};
