import type { WaveId } from '#domain/waveforms.ts';
import type { Scale } from './sweep.ts';

/** The traces of a tile: which signals each may show, the best first, and the least it spans from bottom to top. */
export const TRACES = {
  /** 1.5 mV: a normal complex fills most of it, and the noise of a flat line stays a flat line. */
  ecg: { candidates: ['ecg-ii', 'ecg-i', 'ecg-v', 'ecg-iii'], leastSpan: 1.5 },
  pleth: { candidates: ['pleth'], leastSpan: 0.2 },
} as const satisfies Record<string, { candidates: readonly WaveId[]; leastSpan: number }>;

export type TraceKey = keyof typeof TRACES;

export const TRACE_KEYS = Object.keys(TRACES) as TraceKey[];

/** What a trace shows at the moment; both undefined when nothing. `scale` is in the unit of the signal. */
export type TraceStatus = { readonly wave: WaveId | undefined; readonly scale: Scale | undefined };

export const NO_TRACE: TraceStatus = { wave: undefined, scale: undefined };
