import { HEARTBEAT_MS, type ShownFrame } from '#contracts/live.ts';
import type { Identity } from '#contracts/ports/identities.ts';
import type { WardFeed } from '#contracts/ports/ward-feed.ts';
import type { Clock } from '#platform/clock.ts';
import { createCorks } from '#platform/corks.ts';
import { coerceError } from '#platform/errors.ts';
import type { Logger } from '#platform/log.ts';
import { createAdmission } from './admission.ts';
import { createDelivery } from './delivery.ts';
import { createHeartbeats } from './heartbeats.ts';
import type { LiveLimits } from './limits.ts';
import type { LiveMetrics } from './metrics.ts';
import type { ScreenSocket } from './outflow.ts';
import { createScreen, type Screen } from './screen.ts';
import { createWelcomes } from './welcomes.ts';

/**
 * Brings every change to the screens that asked for it.
 *
 * No change is lost between a snapshot and the changes after it, and none comes twice: a snapshot is brought up to the
 * last change that others were sent before it goes out (`joining.ts`), by the places `{ epoch, seq }` of both.
 *
 * A change is turned into bytes once, and all screens share them. A screen that does not keep up is skipped, and is
 * given a fresh snapshot when it has read what waited: it sees fewer changes, never wrong ones, and holds up nobody.
 *
 * An alarm is never skipped: it goes out at once, after what waits and before the snapshot that is owed. That snapshot
 * is made later, or brought up to it, so it holds the alarm too. Who cannot take even the alarms is closed, by the bound on
 * what waits.
 */
export type Hub = {
  /** Resolves when screens can be welcomed. */
  readonly start: () => Promise<void>;
  readonly stop: () => void;
  /** Takes over an authenticated socket, for as long as who signed in is let in. */
  readonly join: (socket: ScreenSocket, identity: Pick<Identity, 'name' | 'onOver'>) => void;
};

export type HubDependencies = {
  readonly feed: WardFeed;
  readonly clock: Clock;
  readonly version: string;
  readonly limits: LiveLimits;
  readonly metrics: LiveMetrics;
  readonly log: Logger;
  /** A screen has drawn these alarms. */
  readonly onShown: (frame: ShownFrame) => void;
};

export const createHub = (deps: HubDependencies): Hub => {
  const { feed, clock, limits, metrics, log } = deps;
  const screens = new Set<Screen>();
  const welcomes = createWelcomes(deps);
  const heartbeats = createHeartbeats({ clock });
  const delivery = createDelivery({ ...deps, heartbeats, maxAgeMs: limits.tickMs, welcomed: welcomes.settled });
  // What a screen is sent in one turn of the event loop is one write: when all devices change at once, that is much.
  const corks = createCorks(setImmediate);
  const admission = createAdmission({ mostPerName: limits.screensPerName, metrics, log });
  let releases: (() => void)[] = [];

  const welcomeAnew = async (): Promise<void> => {
    if (!(await welcomes.refresh())) return;
    for (const screen of screens) screen.send(welcomes.frame());
  };

  const unitChanged = (unit: string): void => {
    welcomeAnew().catch((error: unknown) => log.warn({ err: coerceError(error) }, 'the units cannot be read'));
    delivery.unitChanged(unit);
  };

  const onClosed = (screen: Screen, name: string, reason: string | undefined): void => {
    delivery.drop(screen);
    screens.delete(screen);
    admission.release(name);
    metrics.screens.set(screens.size);
    if (reason) metrics.closed.inc({ reason });
  };

  return {
    async start() {
      if (releases.length > 0) return;
      releases = [
        feed.subscribe({ changed: delivery.changed, unitChanged }),
        clock.every(HEARTBEAT_MS, () => heartbeats.beat(screens, delivery.isBehind)),
        clock.every(limits.tickMs, delivery.resync),
      ];
      await welcomes.refresh();
    },
    stop() {
      for (const release of releases) release();
      releases = [];
      for (const screen of screens) screen.close('stopping');
    },
    join({ socket, link }, { name, onOver }) {
      if (!admission.take(socket, name)) return;
      const screen = createScreen({
        ...deps,
        ...{ socket, link, corks, onOver },
        onSubscribe: delivery.subscribe,
        onClosed: (closed, reason) => onClosed(closed, name, reason),
      });
      screens.add(screen);
      metrics.screens.set(screens.size);
      screen.send(welcomes.frame());
    },
  };
};
