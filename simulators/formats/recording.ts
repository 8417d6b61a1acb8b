import type { VitalInput, WaveInput } from '#contracts/mqtt/messages.ts';
import type { VitalId } from '#domain/vitals.ts';
import type { WaveId } from '#domain/waveforms.ts';

/** What was in the file at one moment. Times are milliseconds from the file's own zero, and may be negative. */
export type Frame = {
  readonly atMs: number;
  readonly vitals?: Readonly<Partial<Record<VitalId, VitalInput>>>;
  readonly waves?: Readonly<Partial<Record<WaveId, WaveInput>>>;
};

/** A column or signal of the file, and what becomes of it. */
export type Mapping = { readonly from: string; readonly to: VitalId | WaveId };
export type Skipped = { readonly from: string; readonly why: string };

/** A recording of one device, in order of time. */
export type Recording = {
  readonly name: string;
  readonly format: string;
  readonly mapped: readonly Mapping[];
  readonly skipped: readonly Skipped[];
  readonly frames: readonly Frame[];
};

/** A file as it was found; `text` is its beginning to the end when it is text. */
export type SourceFile = { readonly path: string; readonly name: string; readonly text: string };

/** Blocks of one second: what a monitor sends. */
export const cutIntoBlocks = ({
  signals,
  rate,
  startMs,
}: {
  signals: readonly { readonly id: WaveId; readonly unit?: string; readonly samples: readonly (number | null)[] }[];
  rate: number;
  startMs: number;
}): Frame[] => {
  const perBlock = Math.max(1, Math.round(rate));
  const length = Math.max(0, ...signals.map(({ samples }) => samples.length));
  return Array.from({ length: Math.ceil(length / perBlock) }, (_, block) => {
    const from = block * perBlock;
    const waves = signals.map(({ id, unit, samples }) => {
      const input: WaveInput = { rate, samples: samples.slice(from, from + perBlock), ...(unit ? { unit } : {}) };
      return [id, input] as const;
    });
    return { atMs: startMs + (from * 1_000) / rate, waves: Object.fromEntries(waves) };
  });
};
