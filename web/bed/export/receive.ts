import { type PageClock, pageClock } from '../../shell/clock.ts';

/** A file of the station taken bit by bit, so that it is seen how far it is and can be given up. */

export type Progress = {
  readonly bytes: number;
  /** undefined: nobody knows how much is to come. */
  readonly share: number | undefined;
};

export type Received =
  | { readonly state: 'whole'; readonly file: Blob }
  | { readonly state: 'broken' }
  | { readonly state: 'refused'; readonly status: number };

const TIME = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z/;

/** How far a CSV of readings is: its last whole line begins with a time. */
export const shareOfCsv = (text: string, fromMs: number, toMs: number): number | undefined => {
  const lines = text.split('\n');
  const time = lines.at(-2)?.match(TIME)?.[0];
  if (time === undefined) return undefined;
  return Math.min(1, Math.max(0, (Date.parse(time) - fromMs) / (toMs - fromMs)));
};

/**
 * `shareOf` tells the progress when the length is not known. The outcome is "broken" when less came than was promised.
 */
export const receive = async (
  path: string,
  {
    onProgress,
    shareOf,
  }: { onProgress: (progress: Progress) => void; shareOf?: (latest: Uint8Array) => number | undefined },
  signal: AbortSignal,
): Promise<Received> => {
  try {
    const response = await fetch(`/api/v1/${path}`, { signal });
    if (!response.ok || !response.body) return { state: 'refused', status: response.status };
    const told = response.headers.get('content-length');
    const total = told === null ? undefined : Number(told);
    const parts: Uint8Array<ArrayBuffer>[] = [];
    let bytes = 0;
    let share: number | undefined;
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value);
      bytes += part.value.length;
      share = total === undefined ? (shareOf?.(part.value) ?? share) : bytes / total;
      onProgress({ bytes, share });
    }
    if (total !== undefined && bytes !== total) return { state: 'broken' };
    return { state: 'whole', file: new Blob(parts) };
  } catch {
    return { state: 'broken' };
  }
};

/** Hands a file to the browser, which puts it where downloads go. */
export const keepFile = (file: Blob, name: string, clock: Pick<PageClock, 'after'> = pageClock): void => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // Once the browser has begun to take it.
  clock.after(60_000, () => URL.revokeObjectURL(link.href));
};
