import { type WaveId, wave } from '#domain/waveforms.ts';
import type { Signal } from './playback.ts';
import { extent, indexAt, type Ring, sampleAt, timeAt } from './ring.ts';
import {
  columnAt,
  cutAtWraps,
  erasedColumns,
  eraseWidth,
  fixedScale,
  holds,
  penMove,
  refit,
  rowAt,
  type Scale,
  type Span,
  SWEEP_MS,
} from './sweep.ts';

/** What is on one canvas. */
export type Drawing = {
  wave: WaveId | undefined;
  scale: Scale | undefined;
  /** Played time up to which it is drawn; undefined when it is to be drawn anew. */
  drawnToMs: number | undefined;
};

export const createDrawing = (): Drawing => ({ wave: undefined, scale: undefined, drawnToMs: undefined });

const rangeIn = (ring: Ring, { from, to }: Span) => extent(ring, indexAt(ring, from), indexAt(ring, to) + 1);

const strokeSpan = (
  context: CanvasRenderingContext2D,
  ring: Ring,
  { from, to }: Span,
  scale: Scale,
  sweepMs: number,
): void => {
  const { width, height } = context.canvas;
  const last = indexAt(ring, to);
  // Counted from the start of this sweep: its last sample must not land at the left edge of the next.
  const left = columnAt(from, width, sweepMs) - (from / sweepMs) * width;
  let isPenDown = false;
  context.beginPath();
  for (let index = indexAt(ring, from); index <= last; index += 1) {
    const sample = sampleAt(ring, index);
    if (Number.isNaN(sample)) {
      isPenDown = false;
      continue;
    }
    const x = left + (timeAt(ring, index) / sweepMs) * width;
    const y = rowAt(sample, scale, height);
    if (isPenDown) context.lineTo(x, y);
    else context.moveTo(x, y);
    isPenDown = true;
  }
  context.stroke();
};

/** A large canvas has no thicker a line than paper has. */
const lineWidth = (height: number): number => Math.min(Math.max(1.5, height / 48), 1.5 + height / 150);

const stroke = (
  context: CanvasRenderingContext2D,
  id: WaveId,
  ring: Ring,
  span: Span,
  scale: Scale,
  sweepMs: number,
): void => {
  context.strokeStyle = wave(id).colour;
  context.lineWidth = lineWidth(context.canvas.height);
  context.lineJoin = 'round';
  for (const part of cutAtWraps(span.from, span.to, sweepMs)) strokeSpan(context, ring, part, scale, sweepMs);
};

/** The stretch that a full canvas shows when the pen is at `toMs`. */
const wholeSpan = (toMs: number, width: number, sweepMs: number): Span => ({
  from: toMs - sweepMs * (1 - eraseWidth(width) / width),
  to: toMs,
});

const wrapped = ({ from, to }: Span, sweepMs: number): boolean =>
  Math.floor(from / sweepMs) !== Math.floor(to / sweepMs);

/** `leastSpan` and `fixedSpan` are from bottom to top, in the unit of the signal; a fixed one is not fitted to the samples. */
type Manner = {
  readonly nowMs: number;
  readonly leastSpan: number;
  readonly fixedSpan?: number | undefined;
  readonly sweepMs?: number | undefined;
};

/**
 * Brings a canvas up to `nowMs` (server time), touching only the columns that changed. The scale is fitted anew
 * where a sweep starts over, so that one sweep has one scale; when the signal outgrows it, all is drawn again.
 */
export const drawSignal = (
  context: CanvasRenderingContext2D,
  drawing: Drawing,
  { id, signal: { ring, delayMs } }: { readonly id: WaveId; readonly signal: Signal },
  { nowMs, leastSpan, fixedSpan, sweepMs = SWEEP_MS }: Manner,
): void => {
  const { width, height } = context.canvas;
  if (width === 0 || height === 0) return;
  const toMs = nowMs - delayMs;
  const move = penMove(drawing.wave === id ? drawing.drawnToMs : undefined, toMs, width, sweepMs);
  if (move === 'rest') return;
  const whole = wholeSpan(toMs, width, sweepMs);
  const added = { from: drawing.drawnToMs ?? whole.from, to: toMs };
  const addedRange = rangeIn(ring, added);
  const isOutgrown = addedRange !== undefined && !(drawing.scale && (fixedSpan || holds(drawing.scale, addedRange)));
  const isAnew = move === 'anew' || isOutgrown;
  if (isAnew) context.clearRect(0, 0, width, height);
  else
    for (const { from, to } of erasedColumns(added.from, toMs, width, sweepMs))
      context.clearRect(from, 0, to - from, height);
  if (isAnew || wrapped(added, sweepMs)) {
    const range = rangeIn(ring, whole);
    drawing.scale = range && (fixedSpan ? fixedScale(range, fixedSpan) : refit(drawing.scale, range, leastSpan));
  }
  drawing.wave = id;
  drawing.drawnToMs = toMs;
  if (drawing.scale) stroke(context, id, ring, isAnew ? whole : added, drawing.scale, sweepMs);
};

export const wipe = (context: CanvasRenderingContext2D, drawing: Drawing): void => {
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  Object.assign(drawing, createDrawing());
};
