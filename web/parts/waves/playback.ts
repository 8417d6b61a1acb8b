import type { WaveFrame } from '#contracts/live.ts';
import { WAVE_STALE_AFTER_MS } from '#domain/freshness.ts';
import { WAVE_IDS, type WaveId } from '#domain/waveforms.ts';
import { createRing, type Ring, timeAt, writeBlock } from './ring.ts';

/**
 * Signals waiting to be drawn, by bed. Blocks arrive in bursts; a signal is played a little in the past, by its
 * own delay, so that it runs at an even speed. The delay grows to fit the latest block (long blocks, slow links)
 * and never past the age at which a wave may not be drawn.
 */

const LEAST_DELAY_MS = 1_500;
const DELAY_STEP_MS = 250;
const MARGIN_MS = 250;

export type Signal = { readonly ring: Ring; delayMs: number };

export type Playback = Map<string, Map<WaveId, Signal>>;

export const createPlayback = (): Playback => new Map();

const delayFor = (latenessMs: number): number =>
  Math.min(
    WAVE_STALE_AFTER_MS,
    Math.max(LEAST_DELAY_MS, Math.ceil((latenessMs + MARGIN_MS) / DELAY_STEP_MS) * DELAY_STEP_MS),
  );

const signalFor = (signals: Map<WaveId, Signal>, id: WaveId, rate: number): Signal => {
  const held = signals.get(id);
  if (held?.ring.rate === rate) return held;
  const signal = { ring: createRing(rate), delayMs: LEAST_DELAY_MS };
  signals.set(id, signal);
  return signal;
};

/** Takes in the blocks of a frame. `nowMs` is the server's time. */
export const playFrame = (playback: Playback, frame: WaveFrame, nowMs: number): void => {
  const signals = playback.get(frame.bed) ?? new Map<WaveId, Signal>();
  playback.set(frame.bed, signals);
  for (const id of WAVE_IDS) {
    const block = frame.waves[id];
    if (!block || block.rate <= 0) continue;
    const signal = signalFor(signals, id, block.rate);
    // After a silence the delay is found anew: what one stall has cost need not stay.
    const silent = nowMs - timeAt(signal.ring, signal.ring.next) > WAVE_STALE_AFTER_MS;
    signal.delayMs = Math.max(silent ? LEAST_DELAY_MS : signal.delayMs, delayFor(nowMs - block.time));
    writeBlock(signal.ring, block.time, block.samples);
  }
};

/** A signal that has a number young enough to be drawn. */
export const isPlaying = ({ ring }: Signal, nowMs: number): boolean =>
  ring.nextValid > 0 && nowMs - timeAt(ring, ring.nextValid) <= WAVE_STALE_AFTER_MS;

/** The first of the candidates that is playing. */
export const choosePlaying = (
  signals: ReadonlyMap<WaveId, Signal> | undefined,
  candidates: readonly WaveId[],
  nowMs: number,
): { readonly id: WaveId; readonly signal: Signal } | undefined => {
  for (const id of candidates) {
    const signal = signals?.get(id);
    if (signal && isPlaying(signal, nowMs)) return { id, signal };
  }
  return undefined;
};
