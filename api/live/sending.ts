import type { LiveChange } from '#contracts/bus.ts';
import type { Laggards } from './laggards.ts';
import type { LiveMetrics } from './metrics.ts';
import type { Screen } from './screen.ts';
import { wireFrame } from './wire-frame.ts';

type Sending = { readonly laggards: Laggards; readonly metrics: LiveMetrics };

/**
 * Sends a change to screens: to each at once if it is an alarm, else to those that keep up. `waiting`: who is on the way
 * into the unit gets it with the snapshot. The change is turned into bytes once, and all screens share them.
 */
export const sendChange = (
  to: ReadonlySet<Screen> | undefined,
  { frame, text }: LiveChange,
  waiting: ReadonlySet<Screen> | undefined,
  { laggards, metrics }: Sending,
): void => {
  if (!to || to.size === 0) return;
  const wire = wireFrame(text);
  let sent = 0;
  let skipped = 0;
  for (const screen of to) {
    if (frame.type === 'alarm') {
      screen.sendAlarm(wire);
      sent += 1;
      continue;
    }
    if (waiting?.has(screen)) continue;
    if (screen.mustSkip()) {
      skipped += 1;
      if (frame.type === 'wave') laggards.note(screen);
      else laggards.owe(screen, frame.unit);
    } else {
      screen.send(wire);
      sent += 1;
    }
  }
  metrics.framesSkipped.inc({ type: frame.type }, skipped);
  metrics.framesSent.inc({ type: frame.type }, sent);
};
