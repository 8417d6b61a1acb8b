import type { Recording } from '../simulators/formats/recording.ts';
import { table } from './output.ts';

/** What becomes of every signal of the recordings, and why the others are left out. */
export const mappingTable = (recordings: readonly Recording[]): string =>
  table(
    ['recording', 'signal', 'unit', 'values', 'becomes', 'left out because'],
    recordings.flatMap(({ name, mapped, skipped }) => [
      ...mapped.map(({ from, unit, values, to }) => [name, from, unit ?? '', String(values), to]),
      ...skipped.map(({ from, unit, values, why }) => [name, from, unit ?? '', String(values), '', why]),
    ]),
  );
