import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Stretch } from '../../../simulators/formats/sampled.ts';

export const FOLDER = fileURLToPath(new URL('../../fixtures/recordings/', import.meta.url));

/** What another program reads from a file: signal by signal, `null` for a missing sample. */
const OtherReading = z.object({
  file: z.string(),
  rates: z.array(z.number()),
  names: z.array(z.string()),
  units: z.array(z.string()),
  values: z.array(z.array(z.number().nullable())),
  /** When, how long (-1: a moment) and what. */
  annotations: z.array(z.tuple([z.number(), z.number(), z.string()])).optional(),
});
type OtherReading = z.infer<typeof OtherReading>;

/** What other programs read from the files in tests/fixtures/recordings, by the name of the file. */
export const readingsOf = (format: 'wfdb' | 'edf'): Readonly<Record<string, OtherReading>> => {
  const lines = readFileSync(`${FOLDER}${format}-values.jsonl`, 'utf8').trim().split('\n');
  return Object.fromEntries(lines.map((line) => OtherReading.parse(JSON.parse(line))).map((one) => [one.file, one]));
};

/** The signal of that name from all stretches, each at its time; what no stretch has is missing. */
export const layOut = (
  stretches: readonly Stretch[],
  name: string,
  rate: number,
  length: number,
): { units: ReadonlySet<string | undefined>; values: (number | null)[] } => {
  const values = Array.from({ length }, (): number | null => null);
  const units = new Set<string | undefined>();
  for (const { startMs, frames, frameRate, signals } of stretches) {
    for (const signal of signals.filter((one) => one.name === name)) {
      units.add(signal.unit);
      const first = Math.round((startMs * rate) / 1_000);
      if (Math.abs(frameRate * signal.perFrame - rate) > 1e-9) throw new Error(`${name} has another rate`);
      for (const [index, value] of signal.read(0, frames * signal.perFrame).entries()) values[first + index] = value;
    }
  }
  return { units, values };
};
