import { useEffect, useRef } from 'preact/hooks';
import type { WaveBlock } from '#contracts/http/waves.ts';
import { type WaveId, wave } from '#domain/waveforms.ts';
import { rowAt, type Scale } from '../../parts/waves/sweep.ts';
import { linesOf } from './strips.ts';

export type Strip = {
  readonly id: WaveId;
  readonly blocks: readonly WaveBlock[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly scale: Scale | undefined;
};

const drawStrip = (canvas: HTMLCanvasElement, { id, blocks, fromMs, toMs, scale }: Strip): void => {
  const box = canvas.getBoundingClientRect();
  canvas.width = Math.round(box.width * devicePixelRatio);
  canvas.height = Math.round(box.height * devicePixelRatio);
  const context = canvas.getContext('2d');
  if (!context || !scale) return;
  const { width, height } = canvas;
  context.strokeStyle = wave(id).colour;
  context.lineWidth = Math.max(1, devicePixelRatio);
  context.lineJoin = 'round';
  context.beginPath();
  for (const line of linesOf(blocks, fromMs, toMs)) {
    line.forEach(([ms, value], place) => {
      const x = ((ms - fromMs) / (toMs - fromMs)) * width;
      const y = rowAt(value, scale, height);
      if (place === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    });
  }
  context.stroke();
};

/** A canvas that shows a strip, drawn anew when it or the size of the canvas changes. */
export const useStrip = (strip: Strip) => {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { id, blocks, fromMs, toMs, scale } = strip;
  const [low, high] = [scale?.low, scale?.high];
  useEffect(() => {
    const drawn = canvas.current;
    if (!drawn) return;
    const again = (): void =>
      drawStrip(drawn, {
        id,
        blocks,
        fromMs,
        toMs,
        scale: low === undefined || high === undefined ? undefined : { low, high },
      });
    const observer = new ResizeObserver(again);
    observer.observe(drawn);
    again();
    return () => observer.disconnect();
  }, [id, blocks, fromMs, toMs, low, high]);
  return canvas;
};
