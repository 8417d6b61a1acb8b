import { createDrawing, type Drawing, drawSignal, wipe } from './draw.ts';
import { choosePlaying, type Playback } from './playback.ts';
import { LEAST_SPAN, NO_TRACE, TRACES, type TraceKey, type TraceStatus } from './traces.ts';

type Sweep = {
  readonly bed: string;
  readonly trace: TraceKey;
  readonly context: CanvasRenderingContext2D;
  readonly onStatus: (status: TraceStatus) => void;
  readonly drawing: Drawing;
};

export type Painter = ReturnType<typeof createPainter>;

/** Draws every attached sweep, on demand: the caller owns the one animation loop. */
export const createPainter = (playback: Playback) => {
  const sweeps = new Map<Element, Sweep>();

  const fitCanvas = (canvas: Element): void => {
    const sweep = sweeps.get(canvas);
    if (!sweep) return;
    const { width, height } = canvas.getBoundingClientRect();
    sweep.context.canvas.width = Math.round(width * devicePixelRatio);
    sweep.context.canvas.height = Math.round(height * devicePixelRatio);
    sweep.drawing.drawnToMs = undefined;
  };

  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) fitCanvas(target);
  });

  const paintSweep = ({ bed, trace, context, drawing, onStatus }: Sweep, nowMs: number | undefined): void => {
    const chosen = nowMs === undefined ? undefined : choosePlaying(playback.get(bed), TRACES[trace], nowMs);
    if (chosen && nowMs !== undefined) {
      drawSignal(context, drawing, chosen, { nowMs, leastSpan: LEAST_SPAN[chosen.id] });
      onStatus(drawing);
    } else if (drawing.wave) {
      wipe(context, drawing);
      onStatus(NO_TRACE);
    }
  };

  return {
    /** `onStatus` is called with every painting; returns what detaches the canvas. */
    attach(canvas: HTMLCanvasElement, bed: string, trace: TraceKey, onStatus: (status: TraceStatus) => void) {
      const context = canvas.getContext('2d');
      if (!context) return () => {};
      sweeps.set(canvas, { bed, trace, context, onStatus, drawing: createDrawing() });
      observer.observe(canvas);
      return () => {
        sweeps.delete(canvas);
        observer.unobserve(canvas);
      };
    },

    /** `nowMs` is the server's time; undefined wipes every trace. */
    paint(nowMs: number | undefined): void {
      for (const sweep of sweeps.values()) paintSweep(sweep, nowMs);
    },
  };
};
