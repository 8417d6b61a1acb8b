import type { VitalInput, WaveInput } from '#contracts/mqtt/messages.ts';
import type { VitalId } from '#domain/vitals.ts';
import type { WaveId } from '#domain/waveforms.ts';

/** What was in the file at one moment. Times are milliseconds from the file's own zero, and may be negative. */
export type Frame = {
  readonly atMs: number;
  readonly vitals?: Readonly<Partial<Record<VitalId, VitalInput>>>;
  readonly waves?: Readonly<Partial<Record<WaveId, WaveInput>>>;
};

/** A column or signal of the file. `values` counts what it holds, without what the file marks as missing. */
type Signal = { readonly from: string; readonly unit: string | null; readonly values: number };

/** What becomes of a signal here, or why it is left out. */
export type Mapping = Signal & { readonly to: VitalId | WaveId };
export type Skipped = Signal & { readonly why: string };

export type Span = { readonly messages: number; readonly firstMs: number; readonly lastMs: number };

/** A recording of one device. */
export type Recording = {
  readonly name: string;
  readonly format: string;
  readonly mapped: readonly Mapping[];
  readonly skipped: readonly Skipped[];
  /** Undefined when nothing of the file can be sent. */
  readonly span: Span | undefined;
  /** In order of time. Large files are read while this is iterated, and again each time. */
  readonly frames: Iterable<Frame>;
};

/** A recording whose frames are all in memory. */
export type SmallRecording = Recording & { readonly frames: readonly Frame[] };

/** A file as it was found; `text` is its beginning to the end when it is text. */
export type SourceFile = { readonly path: string; readonly name: string; readonly text: string };

export const spanOf = (frames: Iterable<Frame>): Span | undefined => {
  let span: Span | undefined;
  for (const { atMs } of frames) {
    span = { messages: (span?.messages ?? 0) + 1, firstMs: span?.firstMs ?? atMs, lastMs: atMs };
  }
  return span;
};

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
