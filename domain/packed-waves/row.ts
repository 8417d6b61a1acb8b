import { UnreadableWavesError } from './errors.ts';
import { unpackWaves, type Wave } from './packed-waves.ts';

/** A row of the table `waves` as any release wrote it. `mdc` is the code of the signal of its series. */
export type WavesRow = {
  readonly mdc: number;
  readonly rate: number;
  readonly samples: readonly number[];
  readonly packed: Uint8Array | null;
};

/** Damaged bytes are a gap: they cost their neighbours nothing, and are replaced when the device sends them again. */
const unpackReadable = (packed: Uint8Array, isWanted: (mdc: number) => boolean): Wave[] => {
  try {
    return unpackWaves(packed, isWanted);
  } catch (error) {
    if (error instanceof UnreadableWavesError) return [];
    throw error;
  }
};

/**
 * The waveforms in a row; of all, or of those that are wanted. Samples beside packed ones were written after them, by a
 * program from before packing, and stand for the waveform of their series. Throws a NewerWavesError.
 */
export const wavesOfRow = (
  { mdc, rate, samples, packed }: WavesRow,
  isWanted: (mdc: number) => boolean = () => true,
): Wave[] => {
  const hasSamples = samples.length > 0;
  const waves = packed ? unpackReadable(packed, (code) => isWanted(code) && !(hasSamples && code === mdc)) : [];
  return hasSamples && isWanted(mdc) ? [{ mdc, rate, samples: Float32Array.from(samples) }, ...waves] : waves;
};

/** A row is in the series of the waveform with this code, whatever the order in a message. */
export const lowestMdc = (waves: readonly { readonly mdc: number }[]): number =>
  Math.min(...waves.map(({ mdc }) => mdc));
