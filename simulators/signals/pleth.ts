import { type Cycle, cycleAt } from './cycles.ts';

/**
 * The shape of an arterial pulse: a quick systolic rise, then a slower fall with the dicrotic wave on it. Two
 * Gaussians and a run-off are how the pulse is commonly decomposed; times stretch with the square root of the
 * interval, since systole shortens less than diastole.
 */
const SYSTOLIC = { atMs: 150, widthMs: 55, height: 0.85 } as const;
const DICROTIC = { atMs: 370, widthMs: 75, height: 0.32 } as const;
const RUN_OFF = { fromMs: 150, decayMs: 330, height: 0.3 } as const;

const gaussian = (fromPeakMs: number, widthMs: number): number => Math.exp(-(fromPeakMs ** 2) / (2 * widthMs ** 2));

const onePulse = (sinceOnsetMs: number, stretch: number): number => {
  const ms = sinceOnsetMs / stretch;
  const runOff = RUN_OFF.height * Math.exp(-(ms - RUN_OFF.fromMs) / RUN_OFF.decayMs);
  return (
    SYSTOLIC.height * gaussian(ms - SYSTOLIC.atMs, SYSTOLIC.widthMs) +
    DICROTIC.height * gaussian(ms - DICROTIC.atMs, DICROTIC.widthMs) +
    (ms < RUN_OFF.fromMs ? RUN_OFF.height * (0.5 - Math.cos((Math.PI * ms) / RUN_OFF.fromMs) / 2) : runOff)
  );
};

/**
 * The pulse wave at a moment, 0 at rest and about 1 at the top, from the beats that sent it; `transitMs` is the
 * way from the heart to where it is measured. Without beats it runs off to rest.
 */
export const pulseWave = (beats: readonly Cycle[], atMs: number, transitMs: number): number => {
  const sentMs = atMs - transitMs;
  const beat = cycleAt(beats, sentMs);
  if (!beat || sentMs < beat.startMs) return 0;
  const stretch = Math.sqrt(beat.naturalMs / 1_000);
  const own = onePulse(sentMs - beat.startMs, stretch);
  const before = beats[beats.indexOf(beat) - 1];
  // What is left of the pulse before it: without it each onset would be a step.
  const tail = before ? onePulse(sentMs - before.startMs, Math.sqrt(before.naturalMs / 1_000)) : 0;
  return own + tail;
};
