import type { LiveMetrics } from './metrics.ts';
import type { Screen } from './screen.ts';

/** Screens that were skipped: what they are owed is made good when they have read what waited for them. */
export type Laggards = {
  /** The screen missed a change that no snapshot makes good. */
  readonly note: (screen: Screen) => void;
  /** The screen is owed a snapshot of the unit. */
  readonly owe: (screen: Screen, unit: string) => void;
  readonly has: (screen: Screen) => boolean;
  readonly drop: (screen: Screen) => void;
  /** Calls `bringUp` for what is owed to those that have read all. To be called on every tick. */
  readonly resync: (bringUp: (screen: Screen, unit: string) => void) => void;
};

export const createLaggards = ({ metrics }: { metrics: Pick<LiveMetrics, 'resyncs'> }): Laggards => {
  const behind = new Set<Screen>();
  return {
    note: (screen) => void behind.add(screen),
    owe(screen, unit) {
      screen.markMissed(unit);
      behind.add(screen);
    },
    has: (screen) => behind.has(screen),
    drop: (screen) => void behind.delete(screen),
    resync(bringUp) {
      for (const screen of behind) {
        const units = screen.takeMissed();
        if (!units) continue;
        behind.delete(screen);
        if (units.length > 0) metrics.resyncs.inc();
        for (const unit of units) bringUp(screen, unit);
      }
    },
  };
};
