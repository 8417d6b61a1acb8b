import { type WaveBlock, WavesPage } from '#contracts/http/waves.ts';
import type { WaveId } from '#domain/waveforms.ts';
import type { Answer, Server } from '../../shell/server.ts';
import { bedPath, iso } from '../paths.ts';

export type Wanted = {
  readonly bed: string;
  readonly signals: readonly WaveId[] | undefined;
  readonly fromMs: number;
  readonly toMs: number;
};

/** A block that began before the stretch may reach into it. */
const LONGEST_BLOCK_MS = 10_000;

/** All blocks of a stretch, page by page. `onProgress` is told the share that is there. */
export const loadWaves = async (
  server: Server,
  { bed, signals, fromMs, toMs }: Wanted,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<Answer<readonly WaveBlock[]>> => {
  const blocks: WaveBlock[] = [];
  let nextMs: number | null = fromMs - LONGEST_BLOCK_MS;
  while (nextMs !== null) {
    const query: Readonly<Record<string, string | undefined>> = {
      from: iso(nextMs),
      to: iso(toMs),
      signals: signals?.join(','),
    };
    const answer: Answer<WavesPage> = await server.get(WavesPage, bedPath(bed, 'waves'), query, signal);
    if (!answer.isOk) return answer;
    blocks.push(...answer.value.blocks);
    nextMs = answer.value.next;
    if (nextMs !== null) onProgress(Math.max(0, (nextMs - fromMs) / (toMs - fromMs)));
  }
  return { isOk: true, value: blocks };
};
