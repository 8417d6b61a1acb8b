import { WHAT_IF_LINES, type WhatIf, WhatIfLine } from '#contracts/http/review.ts';
import type { AlarmOverrides } from '#domain/alarms/settings.ts';
import { refusalOf, UNREACHABLE } from '../shell/refusal.ts';
import type { Answer } from '../shell/server.ts';

/** A what-if as the station works on it: how far it is, line by line, and at last the result. */

/** Whole lines of a stream of bytes. */
export async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (rest + decoder.decode(part.value, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

const readAnswer = async (
  body: ReadableStream<Uint8Array>,
  onProgress: (share: number, bed: string) => void,
): Promise<Answer<WhatIf>> => {
  for await (const text of linesOf(body)) {
    const line = WhatIfLine.parse(JSON.parse(text));
    if ('result' in line) return { isOk: true, value: line.result };
    if ('problem' in line) return { isOk: false, reason: 'invalid', detail: line.problem, faults: [] };
    onProgress(line.done, line.bed);
  }
  return UNREACHABLE;
};

export type WhatIfQuestion = {
  /** `beds/{id}` or `units/{id}`. */
  readonly path: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly overrides: AlarmOverrides;
};

export const askWhatIf = async (
  { path, fromMs, toMs, overrides }: WhatIfQuestion,
  onProgress: (share: number, bed: string) => void,
  signal: AbortSignal,
): Promise<Answer<WhatIf>> => {
  try {
    const response = await fetch(`/api/v1/${path}/what-if`, {
      method: 'POST',
      signal,
      headers: { 'content-type': 'application/json', accept: WHAT_IF_LINES },
      body: JSON.stringify({ from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString(), overrides }),
    });
    if (!response.ok || !response.body) return await refusalOf(response);
    return await readAnswer(response.body, onProgress);
  } catch {
    return UNREACHABLE;
  }
};
