import { PassThrough } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  type Review,
  WHAT_IF_LINES,
  type WhatIf,
  type WhatIfLine,
  type WhatIfProposal,
  type WhatIfQuestion,
} from '#contracts/http/review.ts';
import type { WallClock } from '#platform/clock.ts';
import { leavingOf, workFor } from '../http/leaving.ts';
import { invalid, ProblemError } from '../http/problems.ts';
import { rejectAsProblem, toReviewProblem } from './problems.ts';

/** A what-if is answered whole, or line by line while it is worked on. */

const HOUR_MS = 3_600_000;
const DEFAULT_MS = 8 * HOUR_MS;
const MAX_MS = 7 * 24 * HOUR_MS;

/** One hour of a bed with eight vitals is about 0.3 s of work. */
const MAX_BED_HOURS = 1_000;

const PROGRESS_EVERY_MS = 200;

/** The hours that are asked about, and their settings. Throws a 400 when they are more than is worked on at once. */
export const questionOf = (
  { from, to, overrides }: WhatIfProposal,
  beds: readonly string[],
  clock: WallClock,
): Omit<WhatIfQuestion, 'signal'> => {
  const toMs = to === undefined ? clock.now() : Date.parse(to);
  const fromMs = from === undefined ? toMs - DEFAULT_MS : Date.parse(from);
  if (fromMs >= toMs) throw invalid('from must be before to');
  if (toMs - fromMs > MAX_MS) throw invalid('a what-if goes over at most 7 days');
  if ((beds.length * (toMs - fromMs)) / HOUR_MS > MAX_BED_HOURS) {
    throw invalid(`beds times hours is at most ${MAX_BED_HOURS}: take fewer hours, or one bed`);
  }
  return { beds, fromMs, toMs, overrides };
};

const lineOf = (line: WhatIfLine): string => `${JSON.stringify(line)}\n`;

/** Writes how far it is, but not more often than a person can read. */
const progressTo = (lines: PassThrough): NonNullable<WhatIfQuestion['onProgress']> => {
  let toldAt = 0;
  return (progress) => {
    if (performance.now() - toldAt < PROGRESS_EVERY_MS) return;
    toldAt = performance.now();
    lines.write(lineOf(progress));
  };
};

/** Rejects with 429 while another is worked on. Who leaves is not worked for. */
export const answerWhatIf = async (
  review: Review,
  question: Omit<WhatIfQuestion, 'signal'>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> => {
  const isStreamed = request.headers.accept?.includes(WHAT_IF_LINES) ?? false;
  const lines = new PassThrough();
  const working = review.whatIf({
    ...question,
    signal: leavingOf(reply),
    ...(isStreamed ? { onProgress: progressTo(lines) } : {}),
  });
  if (!working) {
    throw new ProblemError(429, 'busy', 'another what-if is being worked on: one at a time', {
      headers: { 'retry-after': '10' },
    });
  }
  if (!isStreamed) return reply.send(await workFor(reply, () => working).catch(rejectAsProblem));
  endLines(working, lines, request);
  return reply.type(WHAT_IF_LINES).send(lines);
};

const endLines = (working: Promise<WhatIf>, lines: PassThrough, request: FastifyRequest): void => {
  working.then(
    (result) => lines.end(lineOf({ result })),
    (error: unknown) => lines.end(lineOf({ problem: problemText(toReviewProblem(error), request) })),
  );
};

/** The status was sent before: an error in the middle of an answer becomes its last line. */
const problemText = (error: unknown, request: FastifyRequest): string => {
  if (!(error instanceof ProblemError)) {
    request.log.error({ err: error }, 'a what-if failed');
    return 'it failed inside the station';
  }
  return [error.message, ...(error.faults ?? []).map(({ message }) => message)].join('; ');
};
