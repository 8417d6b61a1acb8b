import type { WebSocket } from 'ws';
import type { BusEvents, LiveChange } from '#contracts/bus.ts';
import {
  HEARTBEAT_MS,
  type HeartbeatFrame,
  type ShownFrame,
  type SubscribeFrame,
  type WelcomeFrame,
} from '#contracts/live.ts';
import type { LiveState } from '#contracts/ports/ward-feed.ts';
import type { Bus } from '#platform/bus.ts';
import type { WallClock } from '#platform/clock.ts';
import type { Logger } from '#platform/log.ts';
import { createSeldom } from '#platform/seldom.ts';
import { CLOSE, type LiveLimits } from './limits.ts';
import type { LiveMetrics } from './metrics.ts';
import { createScreen, type Screen } from './screen.ts';
import { createSnapshots } from './snapshots.ts';

/**
 * Brings every change to the screens that asked for it.
 *
 * No change is lost between a snapshot and the changes after it, by construction: a screen enters the index of a
 * unit and is sent the snapshot within one turn of the event loop, and the bus delivers a change to everybody in
 * the index within the turn in which live state took it in. There is no await between any of these.
 *
 * A change is turned into bytes once, and all screens share them. A screen that does not keep up is skipped, and is
 * given a fresh snapshot when it has read what waited: it sees fewer changes, never wrong ones, and holds up nobody.
 *
 * An alarm is never skipped: it goes out at once, after what waits and before the snapshot that is owed. That snapshot
 * is made later, so it holds the alarm too. Who cannot take even the alarms is closed, by the bound on what waits.
 */
export type Hub = {
  readonly start: () => void;
  readonly stop: () => void;
  /** Takes over an authenticated socket, of who signed in by this name. */
  readonly join: (socket: WebSocket, name: string) => void;
};

export const createHub = ({
  liveState,
  bus,
  clock,
  version,
  limits,
  metrics,
  log,
  onShown,
}: {
  liveState: LiveState;
  bus: Bus<BusEvents>;
  clock: WallClock;
  version: string;
  limits: LiveLimits;
  metrics: LiveMetrics;
  log: Logger;
  /** A screen has drawn these alarms. */
  onShown: (frame: ShownFrame) => void;
}): Hub => {
  const screens = new Set<Screen>();
  const byUnit = new Map<string, Set<Screen>>();
  const byBed = new Map<string, Set<Screen>>();
  /** Screens that were skipped, and are to be looked at on the next tick. */
  const behind = new Set<Screen>();
  const seqs = new Map<string, number>();
  const byName = new Map<string, number>();
  const seldom = createSeldom();
  const snapshots = createSnapshots({ liveState, clock, maxAgeMs: limits.tickMs });
  let knownUnits = '';
  let releases: (() => void)[] = [];

  const deliver = (to: ReadonlySet<Screen> | undefined, { frame, text }: LiveChange) => {
    if (!to || to.size === 0) return;
    const data = Buffer.from(text);
    const screenCount = to.size;
    let skipped = 0;
    for (const screen of to) {
      if (frame.type === 'alarm') {
        screen.sendAlarm(data);
      } else if (screen.mustSkip()) {
        skipped += 1;
        behind.add(screen);
        if (frame.type !== 'wave') screen.markMissed(frame.unit);
      } else {
        screen.send(data);
      }
    }
    metrics.framesSkipped.inc({ type: frame.type }, skipped);
    metrics.framesSent.inc({ type: frame.type }, screenCount - skipped);
  };

  const onChange = (change: LiveChange) => {
    const { frame } = change;
    if (frame.type === 'wave') return deliver(byBed.get(frame.bed), change);
    seqs.set(frame.unit, frame.seq);
    snapshots.forget(frame.unit);
    deliver(byUnit.get(frame.unit), change);
  };

  const sendSnapshot = (screen: Screen, unit: string) => {
    const snapshot = snapshots.get(unit);
    if (!snapshot) return screen.reject('unit-unknown', `there is no unit ${unit}`);
    seqs.set(unit, snapshot.seq);
    screen.send(snapshot.data);
    metrics.framesSent.inc({ type: 'snapshot' });
  };

  /** Now, or when it has read what waits for it. */
  const sendSnapshotWhenReady = (screen: Screen, unit: string) => {
    if (!screen.mustSkip()) return sendSnapshot(screen, unit);
    screen.markMissed(unit);
    behind.add(screen);
  };

  const onUnitChanged = ({ unit }: { unit: string }) => {
    snapshots.forget(unit);
    const units = JSON.stringify(liveState.units());
    if (units !== knownUnits) {
      knownUnits = units;
      for (const screen of screens) screen.send(welcome());
    }
    for (const screen of byUnit.get(unit) ?? []) sendSnapshotWhenReady(screen, unit);
  };

  const onSubscribe = (screen: Screen, frame: SubscribeFrame) => {
    leaveIndexes(screen);
    screen.subscribe(frame);
    for (const unit of screen.units()) enter(byUnit, unit, screen);
    for (const bed of screen.beds()) enter(byBed, bed, screen);
    for (const unit of screen.units()) sendSnapshotWhenReady(screen, unit);
  };

  const leaveIndexes = (screen: Screen) => {
    for (const unit of screen.units()) leave(byUnit, unit, screen);
    for (const bed of screen.beds()) leave(byBed, bed, screen);
  };

  const welcome = () =>
    encode({
      type: 'welcome',
      time: clock.now(),
      heartbeatMs: HEARTBEAT_MS,
      version,
      units: [...liveState.units()],
    } satisfies WelcomeFrame);

  const heartbeat = () => {
    const time = clock.now();
    const shared = new Map<string, Buffer>();
    for (const screen of screens) {
      screen.checkLife();
      // To one that is behind we vouch for no seq: it would ask for what it is going to get anyway.
      const key = behind.has(screen) ? '' : screen.unitsKey();
      const known = key === '' ? [] : [...screen.units()].flatMap((unit) => [[unit, seqs.get(unit)] as const]);
      const data = shared.get(key) ?? encode(heartbeatFrame(time, known));
      shared.set(key, data);
      screen.send(data);
    }
  };

  const resync = () => {
    for (const screen of behind) {
      const units = screen.takeMissed();
      if (!units) continue;
      behind.delete(screen);
      if (units.length > 0) metrics.resyncs.inc();
      for (const unit of units) sendSnapshotWhenReady(screen, unit);
    }
  };

  return {
    start() {
      if (releases.length > 0) return;
      knownUnits = JSON.stringify(liveState.units());
      const heartbeats = setInterval(heartbeat, HEARTBEAT_MS);
      const ticks = setInterval(resync, limits.tickMs);
      releases = [
        bus.subscribe('live:changed', onChange),
        bus.subscribe('unit:changed', onUnitChanged),
        () => clearInterval(heartbeats),
        () => clearInterval(ticks),
      ];
    },

    stop() {
      for (const release of releases) release();
      releases = [];
      for (const screen of screens) screen.close('stopping');
    },

    join(socket, name) {
      const ofOne = byName.get(name) ?? 0;
      if (ofOne >= limits.screensPerName) {
        metrics.closed.inc({ reason: 'too-many' });
        const passedOver = seldom(name);
        if (passedOver !== undefined) log.warn({ name, ofOne, passedOver }, 'too many screens are open under one name');
        return socket.close(CLOSE.tryAgainLater, 'too-many');
      }
      byName.set(name, ofOne + 1);
      const screen = createScreen({
        socket,
        limits,
        onSubscribe,
        onShown,
        onClosed(screen, reason) {
          leaveIndexes(screen);
          behind.delete(screen);
          screens.delete(screen);
          const left = (byName.get(name) ?? 1) - 1;
          if (left > 0) byName.set(name, left);
          else byName.delete(name);
          metrics.screens.set(screens.size);
          if (reason) metrics.closed.inc({ reason });
        },
      });
      screens.add(screen);
      metrics.screens.set(screens.size);
      screen.send(welcome());
    },
  };
};

const encode = (frame: object): Buffer => Buffer.from(JSON.stringify(frame));

const heartbeatFrame = (time: number, known: readonly (readonly [string, number | undefined])[]): HeartbeatFrame => ({
  type: 'heartbeat',
  time,
  seq: Object.fromEntries(known.flatMap(([unit, seq]) => (seq === undefined ? [] : [[unit, seq]]))),
});

const enter = (index: Map<string, Set<Screen>>, key: string, screen: Screen) => {
  const entries = index.get(key) ?? new Set();
  index.set(key, entries.add(screen));
};

const leave = (index: Map<string, Set<Screen>>, key: string, screen: Screen) => {
  const entries = index.get(key);
  entries?.delete(screen);
  if (entries?.size === 0) index.delete(key);
};
