import type { WaveId } from '#domain/waveforms.ts';
import { createDrawing, type Drawing, drawSignal, wipe } from '../../parts/waves/draw.ts';
import { isPlaying, type Playback } from '../../parts/waves/playback.ts';
import { LEAST_SPAN } from '../../parts/waves/traces.ts';
import { millivoltsOf, sweepMsOf } from '../millimetres.ts';

export const isEcg = (id: WaveId): boolean => id.startsWith('ecg-');

/** Pixels of the page; `isTenMm`: 10 mm a millivolt, instead of what fits. */
export type Paper = { readonly pixelsPerMm: number; readonly isTenMm: boolean };

type Sweep = { readonly id: WaveId; readonly context: CanvasRenderingContext2D; readonly drawing: Drawing };

export type Sweeps = ReturnType<typeof createSweeps>;

/** The waves of one bed at 25 mm/s. `paint` is called with every frame of the screen. */
export const createSweeps = ({
  bed,
  playback,
  paper,
}: {
  readonly bed: string;
  readonly playback: Playback;
  readonly paper: () => Paper;
}) => {
  const sweeps = new Map<Element, Sweep>();
  let drawnBy = '';

  const size = (canvas: Element): void => {
    const sweep = sweeps.get(canvas);
    if (!sweep) return;
    const { width, height } = canvas.getBoundingClientRect();
    sweep.context.canvas.width = Math.round(width * devicePixelRatio);
    sweep.context.canvas.height = Math.round(height * devicePixelRatio);
    sweep.drawing.drawnToMs = undefined;
  };

  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) size(target);
  });

  const paintOne = ({ id, context, drawing }: Sweep, nowMs: number | undefined, { pixelsPerMm, isTenMm }: Paper) => {
    const signal = playback.get(bed)?.get(id);
    if (nowMs === undefined || !signal || !isPlaying(signal, nowMs)) {
      if (drawing.wave) wipe(context, drawing);
      return;
    }
    const { width, height } = context.canvas;
    drawSignal(
      context,
      drawing,
      { id, signal },
      {
        nowMs,
        leastSpan: LEAST_SPAN[id],
        sweepMs: sweepMsOf(width / devicePixelRatio, pixelsPerMm),
        fixedSpan: isTenMm && isEcg(id) ? millivoltsOf(height / devicePixelRatio, pixelsPerMm) : undefined,
      },
    );
  };

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
      for (const sweep of sweeps.values()) paintOne(sweep, nowMs, now);
    },
  };
};
