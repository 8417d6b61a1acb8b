import type { WaveId } from '#domain/waveforms.ts';
import { createDrawing, type Drawing, drawSignal, wipe } from '../../parts/waves/draw.ts';
import { isPlaying, type Signal } from '../../parts/waves/playback.ts';
import { LEAST_SPAN } from '../../parts/waves/traces.ts';
import { millivoltsOf, sweepMsOf } from '../millimetres.ts';

export const isEcg = (id: WaveId): boolean => id.startsWith('ecg-');

/** Pixels of the page; `isTenMm`: 10 mm a millivolt, instead of what fits. */
export type Paper = { readonly pixelsPerMm: number; readonly isTenMm: boolean };

type Sweep = { readonly id: WaveId; readonly context: CanvasRenderingContext2D; readonly drawing: Drawing };

const fitCanvas = ({ context, drawing }: Sweep, canvas: Element): void => {
  const { width, height } = canvas.getBoundingClientRect();
  context.canvas.width = Math.round(width * devicePixelRatio);
  context.canvas.height = Math.round(height * devicePixelRatio);
  drawing.drawnToMs = undefined;
};

const paintOne = ({ id, context, drawing }: Sweep, signal: Signal, nowMs: number, paper: Paper): void => {
  const { width, height } = context.canvas;
  const { pixelsPerMm, isTenMm } = paper;
  const manner = {
    nowMs,
    leastSpan: LEAST_SPAN[id],
    sweepMs: sweepMsOf(width / devicePixelRatio, pixelsPerMm),
    fixedSpan: isTenMm && isEcg(id) ? millivoltsOf(height / devicePixelRatio, pixelsPerMm) : undefined,
  };
  drawSignal(context, drawing, { id, signal }, manner);
};

type Deps = { readonly signalOf: (id: WaveId) => Signal | undefined; readonly paper: () => Paper };

export type Sweeps = ReturnType<typeof createSweeps>;

/** The waves of one bed at 25 mm/s. `paint` is called with every frame of the screen. */
export const createSweeps = ({ signalOf, paper }: Deps) => {
  const sweeps = new Map<Element, Sweep>();
  let drawnBy = '';

  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const sweep = sweeps.get(target);
      if (sweep) fitCanvas(sweep, target);
    }
  });

  return {
    /** Returns what is drawn there, and what detaches the canvas. */
    attach(canvas: HTMLCanvasElement, id: WaveId): { readonly drawing: Drawing; readonly detach: () => void } {
      const drawing = createDrawing();
      const context = canvas.getContext('2d');
      if (!context) return { drawing, detach: () => {} };
      sweeps.set(canvas, { id, context, drawing });
      observer.observe(canvas);
      return {
        drawing,
        detach() {
          sweeps.delete(canvas);
          observer.unobserve(canvas);
        },
      };
    },

    /** `nowMs` is the server's time; undefined wipes every trace. */
    paint(nowMs: number | undefined): void {
      const now = paper();
      const manner = `${now.pixelsPerMm} ${now.isTenMm}`;
      if (manner !== drawnBy) for (const { context, drawing } of sweeps.values()) wipe(context, drawing);
      drawnBy = manner;
      for (const sweep of sweeps.values()) {
        const signal = signalOf(sweep.id);
        if (nowMs !== undefined && signal && isPlaying(signal, nowMs)) paintOne(sweep, signal, nowMs, now);
        else if (sweep.drawing.wave) wipe(sweep.context, sweep.drawing);
      }
    },
  };
};
