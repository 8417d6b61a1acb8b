import type { VitalId } from '#domain/vitals.ts';
import type { WaveId } from '#domain/waveforms.ts';
import type { Mapping, Skipped } from './recording.ts';

/** A name out of a file must not steer the terminal that it is printed on. */
const printable = (name: string): string => name.replaceAll(/\p{Cc}/gu, ' ');

/** Counts what becomes of the signals of a file: every one is either mapped or left out, and none is forgotten. */
export type Ledger = {
  readonly map: (from: string, unit: string | undefined, to: VitalId | WaveId, values: number) => void;
  readonly leaveOut: (from: string, unit: string | undefined, why: string, values: number) => void;
  readonly mapped: () => Mapping[];
  readonly skipped: () => Skipped[];
};

export const createLedger = (): Ledger => {
  const mapped = new Map<string, Mapping>();
  const skipped = new Map<string, Skipped>();
  const keyOf = (...parts: readonly (string | undefined)[]): string => JSON.stringify(parts);
  const counted = (
    from: string,
    unit: string | undefined,
    known: { readonly values: number } | undefined,
    values: number,
  ) => ({
    from: printable(from),
    unit: unit ?? null,
    values: (known?.values ?? 0) + values,
  });
  return {
    map(from, unit, to, values) {
      const key = keyOf(from, unit, to);
      mapped.set(key, { ...counted(from, unit, mapped.get(key), values), to });
    },
    leaveOut(from, unit, why, values) {
      const key = keyOf(from, unit, why);
      skipped.set(key, { ...counted(from, unit, skipped.get(key), values), why });
    },
    mapped: () => [...mapped.values()],
    skipped: () => [...skipped.values()],
  };
};
