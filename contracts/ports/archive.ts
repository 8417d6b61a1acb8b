import type { VitalId } from '#domain/vitals.ts';
import type { WaveId } from '#domain/waveforms.ts';

/** [fromMs, toMs) of a bed. */
export type BedRange = { readonly bed: string; readonly fromMs: number; readonly toMs: number };

export type TrendRequest = BedRange & {
  /** Of this device alone; left out: of all that were at the bed. */
  readonly device?: string | undefined;
  readonly vitals: readonly VitalId[];
  /** At most so many a vital, at least 2. */
  readonly points: number;
};

export type WavesRequest = {
  readonly bed: string;
  readonly signals: readonly WaveId[];
  readonly from: Date;
  readonly to: Date;
  /** Samples to return; a page may exceed it by the blocks of its last instant. */
  readonly maxSamples: number;
};

export type RecordingRequest = BedRange & { readonly signals: readonly WaveId[] };

/** A file whose length is known before it is made. */
export type Recording = { readonly totalBytes: number; readonly bytes: AsyncGenerator<Uint8Array, void> };

/**
 * What was measured, read for screens and exports without being in the way of the ward. Answers come as bytes, ready to be
 * sent. All of them reject with the signal's reason, and with a problem for the caller: there is no such thing, too many
 * ask, the database is away.
 */
export type Archive = {
  /** JSON of `Trends`. */
  readonly trends: (request: TrendRequest, signal: AbortSignal) => Promise<Uint8Array>;
  /** JSON of a `WavesPage`. */
  readonly waves: (request: WavesRequest, signal: AbortSignal) => Promise<Uint8Array>;
  /** CSV of all readings, made only as fast as it is taken. */
  readonly readings: (request: BedRange, signal: AbortSignal) => AsyncGenerator<Uint8Array, void>;
  /** EDF+ of the stored waves, made only as fast as it is taken. */
  readonly recording: (request: RecordingRequest, signal: AbortSignal) => Promise<Recording>;
};
