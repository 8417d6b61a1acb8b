import { setPriority } from 'node:os';
import { sleep } from '#platform/backoff.ts';
import { serveWorker } from '../support/worker.ts';

/**
 * What people ask of the past, again and again, in a process of its own. Their machines are others in a hospital, so this
 * process has the lowest priority here. An answer is read to its end and thrown away.
 */

export type Question = {
  readonly name: string;
  readonly path: string;
  /** Left out: a GET. */
  readonly body?: object;
  /** How many ask it at the same time. */
  readonly askers: number;
};

export type AskJob = { readonly http: string; readonly token: string; readonly questions: readonly Question[] };

export type AskCommand = { readonly command: 'ask' } | { readonly command: 'leave' };

/** By the name of a question. `refused`: told to come again later. */
export type Asked = Readonly<
  Record<string, { answered: number; refused: number; megabytes: number; slowestMs: number }>
>;

const LOWEST_PRIORITY = 19;
const AGAIN_AFTER_MS = 500;

const work = async ({ http, token, questions }: AskJob, tell: { ready: () => void }) => {
  setPriority(LOWEST_PRIORITY);
  const asked: Asked = Object.fromEntries(
    questions.map(({ name }) => [name, { answered: 0, refused: 0, megabytes: 0, slowestMs: 0 }]),
  );
  let leaving = new AbortController();
  let faults = 0;

  const askOnce = async ({ name, path, body }: Question, signal: AbortSignal): Promise<void> => {
    const counts = asked[name];
    if (!counts) return;
    const startedAt = performance.now();
    const response = await fetch(`${http}${path}`, {
      headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
      signal,
    });
    for await (const bytes of response.body ?? []) counts.megabytes += bytes.length / 1e6;
    if (response.ok) counts.answered++;
    else if (response.status === 503 || response.status === 429) counts.refused++;
    else throw new Error(`${name} was refused: ${response.status}`);
    if (response.ok) counts.slowestMs = Math.max(counts.slowestMs, performance.now() - startedAt);
    else await sleep(AGAIN_AFTER_MS, signal);
  };

  const askAgainAndAgain = async (question: Question, signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      await askOnce(question, signal).catch(async (error: unknown) => {
        if (signal.aborted) return;
        faults++;
        process.stderr.write(`bench: ${question.name}: ${String(error)}\n`);
        await sleep(AGAIN_AFTER_MS, signal);
      });
    }
  };

  tell.ready();
  return {
    onCommand({ command }: AskCommand) {
      leaving.abort();
      if (command === 'leave') return;
      leaving = new AbortController();
      for (const question of questions) {
        for (let asker = 0; asker < question.askers; asker++) void askAgainAndAgain(question, leaving.signal);
      }
    },
    finish(): { readonly asked: Asked; readonly faults: number } {
      leaving.abort();
      return { asked, faults };
    },
  };
};

serveWorker(work);
