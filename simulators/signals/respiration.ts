import type { Random } from '../random.ts';
import { type Cycle, type Cycles, createCycles, cycleAt } from './cycles.ts';

/** Part of a breath that is inspiration, at rest. */
const INSPIRATION = 0.4;
/** Breath-to-breath spread of the length, as a fraction of it. */
const LENGTH_SPREAD = 0.05;
/** Chest impedance moves by about this much with a resting breath. */
const IMPEDANCE_SWING_OHM = 1.2;
/** Gas from the dead space comes first, then the plateau: parts of the breath. */
const DEAD_SPACE_UNTIL = INSPIRATION + 0.08;
const PLATEAU_FROM = INSPIRATION + 0.2;
const WASHED_OUT_FROM = 0.06;

/** Breaths at a rate that may change with time; 0 is apnoea. */
export const createBreathing = ({
  startMs,
  perMinute,
  random,
}: {
  startMs: number;
  perMinute: () => number;
  random: Random;
}): Cycles =>
  createCycles({
    startMs,
    lengthMs: () => (perMinute() > 0 ? (60_000 / perMinute()) * (1 + LENGTH_SPREAD * random.normal()) : Infinity),
  });

/** 0 at the start of inspiration, towards 1 at the end of expiration, where a pause rests. */
export const breathPhase = (breaths: readonly Cycle[], atMs: number): number => {
  const breath = cycleAt(breaths, atMs);
  return breath ? Math.min(1, Math.max(0, (atMs - breath.startMs) / breath.naturalMs)) : 1;
};

/** Air in the lungs above rest, 0 to 1: a half cosine in, a slower one out. */
export const lungVolume = (phase: number): number =>
  phase < INSPIRATION
    ? (1 - Math.cos((Math.PI * phase) / INSPIRATION)) / 2
    : ((1 + Math.cos((Math.PI * (phase - INSPIRATION)) / (1 - INSPIRATION))) / 2) ** 1.5;

/** Impedance respiration as monitors send it: the moving part only, in Ohm. */
export const impedance = (phase: number): number => IMPEDANCE_SWING_OHM * (lungVolume(phase) - 0.4);

/** Partial pressure of CO₂ at the airway, mm[Hg]: nothing while breathing in, then dead space, upstroke, plateau. */
export const airwayCo2 = (phase: number, endTidal: number): number => {
  if (phase < WASHED_OUT_FROM) return endTidal * (1 - phase / WASHED_OUT_FROM);
  if (phase < DEAD_SPACE_UNTIL) return 0;
  if (phase < PLATEAU_FROM) return endTidal * 0.9 * ((phase - DEAD_SPACE_UNTIL) / (PLATEAU_FROM - DEAD_SPACE_UNTIL));
  return endTidal * (0.9 + (0.1 * (phase - PLATEAU_FROM)) / (1 - PLATEAU_FROM));
};
