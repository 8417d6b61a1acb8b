import { type WaveId, wave } from '#domain/waveforms.ts';
import { choosePlaying, type Playback, type Signal } from './playback.ts';
import { extent, indexAt, type Ring, sampleAt, timeAt } from './ring.ts';
import {
  columnAt,
  cutAtWraps,
  erasedColumns,
  eraseWidth,
  holds,
  rowAt,
  type Scale,
  type Span,
  SWEEP_MS,
  scaleFor,
} from './sweep.ts';

/** Which signals a trace may show, the best first, and the least it shows from bottom to top, in the signal's unit. */
export const TRACES = {
  ecg: { candidates: ['ecg-ii', 'ecg-i', 'ecg-v', 'ecg-iii'], leastSpan: 1.5 },
  pleth: { candidates: ['pleth'], leastSpan: 0.2 },
} as const satisfies Record<string, { candidates: readonly WaveId[]; leastSpan: number }>;

export type TraceKey = keyof typeof TRACES;

export const TRACE_KEYS = Object.keys(TRACES) as TraceKey[];

/** What stands beside a trace. `scale` in units of the signal; undefined when nothing is drawn. */
export type TraceStatus = { readonly wave: WaveId | undefined; readonly scale: Scale | undefined };

type Sweep = {
  readonly bed: string;
  readonly trace: TraceKey;
  readonly canvas: HTMLCanvasElement;
  readonly onStatus: (status: TraceStatus) => void;
  wave: WaveId | undefined;
  scale: Scale | undefined;
  /** Played time up to which the canvas is drawn; undefined when it must be drawn anew. */
  drawnToMs: number | undefined;
};

const NOTHING: TraceStatus = { wave: undefined, scale: undefined };

const blank = (sweep: Sweep): void => {
  sweep.canvas.getContext('2d')?.clearRect(0, 0, sweep.canvas.width, sweep.canvas.height);
  sweep.drawnToMs = sweep.wave = sweep.scale = undefined;
  sweep.onStatus(NOTHING);
};

const rangeOf = (ring: Ring, fromMs: number, toMs: number) => extent(ring, indexAt(ring, fromMs), indexAt(ring, toMs));

const stroke = (context: CanvasRenderingContext2D, ring: Ring, { from, to }: Span, scale: Scale): void => {
  const { width, height } = context.canvas;
  const last = indexAt(ring, to);
  // The end of a sweep falls on the left edge of the next: count from the start of this one instead.
  const left = columnAt(from, width) - (from / SWEEP_MS) * width;
  let pen = false;
  context.beginPath();
  for (let index = indexAt(ring, from); index <= last; index += 1) {
    const sample = sampleAt(ring, index);
    if (Number.isNaN(sample)) {
      pen = false;
      continue;
    }
    const x = left + (timeAt(ring, index) / SWEEP_MS) * width;
    const y = rowAt(sample, scale, height);
    if (pen) context.lineTo(x, y);
    else context.moveTo(x, y);
    pen = true;
  }
  context.stroke();
};

const redrawAll = (sweep: Sweep, ring: Ring, toMs: number): number => {
  const { width, height } = sweep.canvas;
  sweep.canvas.getContext('2d')?.clearRect(0, 0, width, height);
  const fromMs = toMs - SWEEP_MS * (1 - eraseWidth(width) / width);
  const range = rangeOf(ring, fromMs, toMs);
  sweep.scale = range && scaleFor(range, TRACES[sweep.trace].leastSpan);
  return fromMs;
};

/** A new sweep begins at the left: the time to fit the scale to what was seen in the last one. */
const refitAtWrap = (sweep: Sweep, ring: Ring, fromMs: number, toMs: number): void => {
  if (Math.floor(fromMs / SWEEP_MS) === Math.floor(toMs / SWEEP_MS)) return;
  const range = rangeOf(ring, toMs - SWEEP_MS, toMs);
  if (range) sweep.scale = scaleFor(range, TRACES[sweep.trace].leastSpan);
};

const isContinuous = (fromMs: number, toMs: number): boolean => toMs >= fromMs && toMs - fromMs < SWEEP_MS / 2;

const draw = (sweep: Sweep, id: WaveId, { ring, delayMs }: Signal, nowMs: number): void => {
  const context = sweep.canvas.getContext('2d');
  const { width, height } = sweep.canvas;
  if (!context || width === 0 || height === 0) return;
  const toMs = nowMs - delayMs;
  let fromMs = sweep.drawnToMs;
  // A clock estimate that sinks by a hair must not make the pen draw twice.
  if (fromMs !== undefined && toMs <= fromMs && fromMs - toMs < 100) return;
  const fresh = fromMs !== undefined && isContinuous(fromMs, toMs) ? rangeOf(ring, fromMs, toMs) : undefined;
  const outgrown = fresh !== undefined && (!sweep.scale || !holds(sweep.scale, fresh));
  if (fromMs === undefined || !isContinuous(fromMs, toMs) || sweep.wave !== id || outgrown) {
    fromMs = redrawAll(sweep, ring, toMs);
  } else {
    for (const { from, to } of erasedColumns(fromMs, toMs, width)) context.clearRect(from, 0, to - from, height);
    refitAtWrap(sweep, ring, fromMs, toMs);
  }
  sweep.wave = id;
  sweep.drawnToMs = toMs;
  sweep.onStatus({ wave: id, scale: sweep.scale });
  if (!sweep.scale) return;
  context.strokeStyle = wave(id).colour;
  context.lineWidth = Math.max(1.5, height / 48);
  context.lineJoin = 'round';
  for (const span of cutAtWraps(fromMs, toMs)) stroke(context, ring, span, sweep.scale);
};

export type Painter = ReturnType<typeof createPainter>;

/** Draws every attached sweep, on demand: the caller owns the one animation loop. */
export const createPainter = (playback: Playback) => {
  const sweeps = new Set<Sweep>();
  const find = (canvas: Element): Sweep | undefined => [...sweeps].find((sweep) => sweep.canvas === canvas);

  const resize = (canvas: HTMLCanvasElement): void => {
    const { width, height } = canvas.getBoundingClientRect();
    canvas.width = Math.round(width * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
    const sweep = find(canvas);
    if (sweep) sweep.drawnToMs = undefined;
  };

  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) if (target instanceof HTMLCanvasElement) resize(target);
  });

  return {
    /** `onStatus` is called often and mostly with the same; returns what detaches it. */
    attach(canvas: HTMLCanvasElement, bed: string, trace: TraceKey, onStatus: (status: TraceStatus) => void) {
      const sweep: Sweep = { bed, trace, canvas, onStatus, wave: undefined, scale: undefined, drawnToMs: undefined };
      sweeps.add(sweep);
      observer.observe(canvas);
      return () => {
        sweeps.delete(sweep);
        observer.unobserve(canvas);
      };
    },

    /** `nowMs` is the server's time; undefined wipes every trace. */
    paint(nowMs: number | undefined): void {
      for (const sweep of sweeps) {
        const chosen =
          nowMs === undefined
            ? undefined
            : choosePlaying(playback.get(sweep.bed), TRACES[sweep.trace].candidates, nowMs);
        if (chosen && nowMs !== undefined) draw(sweep, chosen.id, chosen.signal, nowMs);
        else if (sweep.drawnToMs !== undefined || sweep.wave) blank(sweep);
      }
    },
  };
};
