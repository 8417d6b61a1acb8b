import { unpackWaves, type Wave } from './packed-waves.ts';

/** A row of the table `waves` as any release wrote it. `mdc` is the code of the signal of its series. */
export type WavesRow = {
  readonly mdc: number;
  readonly rate: number;
  readonly samples: readonly number[];
  readonly packed: Uint8Array | null;
};

/**
 * The waveforms in a row; of all, or of those that are wanted. Samples beside packed ones were written after them, by a
 * program from before packing, and stand for the waveform of their series. Throws as `unpackWaves` does.
 */
export const wavesOfRow = (
  { mdc, rate, samples, packed }: WavesRow,
  isWanted: (mdc: number) => boolean = () => true,
): Wave[] => {
  const hasSamples = samples.length > 0;
  const waves = packed ? unpackWaves(packed, (code) => isWanted(code) && !(hasSamples && code === mdc)) : [];
  return hasSamples && isWanted(mdc) ? [{ mdc, rate, samples: Float32Array.from(samples) }, ...waves] : waves;
};

/** Rows are in the series of the waveform with the lowest MDC code, whatever the order in a message. */
export const leadOf = (waves: readonly { readonly mdc: number }[]): number => Math.min(...waves.map(({ mdc }) => mdc));
