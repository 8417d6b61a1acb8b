import type { RecordingRequest } from '#contracts/ports/archive.ts';
import type { Queryable } from '../../database/query.ts';
import { readStoredWaves, type StoredBlock } from '../stored-waves.ts';

/** The stored blocks of a recording, so many at once that unpacking them takes a few milliseconds. */

const SAMPLES_AT_ONCE = 200_000;

/** A block that began before may reach into the range. */
const LONGEST_BLOCK_MS = 10_000;

/** Up to `doneMs` every block has been read. */
export type Page = { readonly blocks: readonly StoredBlock[]; readonly doneMs: number };

/** Rejects with the signal's reason. */
export async function* pagesOf(
  database: Queryable,
  { bed, signals, fromMs, toMs }: RecordingRequest,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  let from: Date | undefined = new Date(fromMs - LONGEST_BLOCK_MS);
  while (from) {
    signal.throwIfAborted();
    const request = { bed, signals, from, to: new Date(toMs), maxSamples: SAMPLES_AT_ONCE };
    const { blocks, nextMs } = await readStoredWaves(database, request);
    from = nextMs === null ? undefined : new Date(nextMs);
    yield { blocks, doneMs: nextMs ?? Number.POSITIVE_INFINITY };
  }
}
