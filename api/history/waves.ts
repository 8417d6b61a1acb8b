import type { WavesPage } from '#contracts/http/waves.ts';
import type { WavesRequest } from '#contracts/ports/archive.ts';
import type { Queryable } from '../database/query.ts';
import { decimalOf } from './decimals.ts';
import { readStoredWaves } from './stored-waves.ts';

/** The blocks that start in [from, to), of all signals together by time, as the API answers them. */
export const readWaves = async (database: Queryable, request: WavesRequest): Promise<WavesPage> => {
  const { blocks, nextMs } = await readStoredWaves(database, request);
  return {
    blocks: blocks.map(({ signal, device, timeMs, rate, samples }) => ({
      signal,
      device,
      time: timeMs,
      rate,
      samples: Array.from(samples, (sample) => (Number.isNaN(sample) ? null : decimalOf(sample))),
    })),
    next: nextMs,
  };
};
