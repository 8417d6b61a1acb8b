import type { Review, WhatIf, WhatIfQuestion } from '#contracts/http/review.ts';
import type { Archive } from '#contracts/ports/archive.ts';
import { type Ask, ThreadEndedError } from '#platform/thread/thread.ts';
import { createTurns, type Turns, type TurnsOptions, TurnsTakenError, type Visit } from '#platform/turns.ts';
import type { RecordingStep } from '../../api/history/edf/recording.ts';
import { busy, ProblemError } from '../../api/http/problems.ts';
import type { LatePass, Waiting } from '../../review/late-passes.ts';
import type { ArchiveQuestions, Lane } from './questions.ts';

/**
 * Who asks of the past enters a lane and takes turns there. In a turn one item of an answer is made: a page of a file, a
 * trend, a tenth of a second of a recomputation. So no number of questions takes more than a few turns at once from the
 * machine, and a small one waits for a turn of a large one and not for its end.
 */

/** One deep turn at a time keeps the work of all exports and recomputations together on at most one core. */
const LANES = {
  quick: { atOnce: 2, mostInside: 100 },
  deep: { atOnce: 1, mostInside: 64 },
} as const satisfies Record<Lane, TurnsOptions>;

/**
 * A station that gets late to what is due has not the processor when it wants it: then deep questions rest for four fifths
 * of the time. An event loop that has it is late by one or two milliseconds.
 */
const ON_TIME_MS = 3;
const RESTS_FOR_A_TURN = 4;
const LONGEST_REST_MS = 10_000;

/** A person waits for a day of one bed; more is a report. */
const QUICK_UP_TO_MS = 24 * 3_600_000;

const laneOf = ({ fromMs, toMs }: { fromMs: number; toMs: number }): Lane =>
  toMs - fromMs <= QUICK_UP_TO_MS ? 'quick' : 'deep';

export type ArchiveDesk = {
  readonly archive: Archive;
  readonly review: Review;
  /** Goes on with scoring the late readings of a bed. */
  readonly scoreLate: (waiting: Waiting, signal: AbortSignal) => Promise<LatePass>;
  readonly lanes: Readonly<Record<Lane, Pick<Turns, 'counts'>>>;
};

const firstOf = async <Item>(items: AsyncGenerator<Item, void>): Promise<Item> => {
  for await (const item of items) return item;
  throw new Error('the archive gave no answer');
};

async function* bytesOf(steps: AsyncGenerator<RecordingStep, void>): AsyncGenerator<Uint8Array, void> {
  for await (const step of steps) if (step instanceof Uint8Array) yield step;
}

const enter = (turns: Turns): Visit => {
  try {
    return turns.enter();
  } catch (error) {
    if (!(error instanceof TurnsTakenError)) throw error;
    throw busy('too many ask of what is stored just now: ask again in a moment');
  }
};

/** The thread begins again with the next question; what ended it stands in the log. */
const explain = (error: unknown): unknown =>
  error instanceof ThreadEndedError
    ? new ProblemError(
        503,
        'busy',
        'the part of the station that reads what is stored ended and begins again: ask again',
        {
          cause: error,
          headers: { 'retry-after': '5' },
        },
      )
    : error;

/** An answer whose items are made in turns. */
type Answer = <Verb extends keyof ArchiveQuestions>(
  verb: Verb,
  input: ArchiveQuestions[Verb]['input'],
  signal: AbortSignal,
) => AsyncGenerator<ArchiveQuestions[Verb]['item'], void>;

const createAnswer = (ask: Ask<ArchiveQuestions>, lanes: Readonly<Record<Lane, Turns>>): Answer =>
  async function* answer(verb, input, signal) {
    const visit = enter(lanes[input.lane]);
    const items = ask(verb, input, signal);
    try {
      for (;;) {
        const { done, value } = await visit.turn(() => items.next(), signal);
        if (done) return;
        yield value;
      }
    } catch (error) {
      throw explain(error);
    } finally {
      visit.leave();
      await items.return();
    }
  };

const createArchive = (answer: Answer): Archive => ({
  trends: (request, signal) => firstOf(answer('trends', { lane: laneOf(request), request }, signal)),
  waves: (request, signal) => firstOf(answer('waves', { lane: 'quick', request }, signal)),
  readings: (request, signal) => answer('readings', { lane: 'deep', request }, signal),
  async recording(request, signal) {
    const steps = answer('recording', { lane: 'deep', request }, signal);
    for (;;) {
      const { done, value } = await steps.next();
      if (done || value instanceof Uint8Array) throw new Error('a recording has no length');
      if (value !== 'looking') return { totalBytes: value.totalBytes, bytes: bytesOf(steps) };
    }
  },
});

const createReview = (answer: Answer): Review => {
  const askWhatIf = async ({ signal, onProgress, ...request }: WhatIfQuestion): Promise<WhatIf> => {
    for await (const step of answer('whatIf', { lane: 'deep', request }, signal)) {
      if ('result' in step) return step.result;
      onProgress?.(step.progress);
    }
    throw new Error('a what-if has no result');
  };
  let isBusy = false;
  return {
    whatIf(question) {
      if (isBusy) return undefined;
      isBusy = true;
      return askWhatIf(question).finally(() => {
        isBusy = false;
      });
    },
    burden: (question, format, signal) =>
      firstOf(answer('burden', { lane: 'deep', request: { ...question, format } }, signal)),
  };
};

/** `latenessMs`: how late the station was since this was last called. */
export const createArchiveDesk = ({
  ask,
  latenessMs,
}: {
  ask: Ask<ArchiveQuestions>;
  latenessMs: () => number;
}): ArchiveDesk => {
  const restAfterMs = (tookMs: number): number =>
    latenessMs() <= ON_TIME_MS ? 0 : Math.min(LONGEST_REST_MS, RESTS_FOR_A_TURN * tookMs);
  const lanes = { quick: createTurns(LANES.quick), deep: createTurns({ ...LANES.deep, restAfterMs }) };
  const answer = createAnswer(ask, lanes);
  return {
    archive: createArchive(answer),
    review: createReview(answer),
    // It rests as long as it works, and so needs no turn.
    scoreLate: (waiting, signal) => firstOf(ask('latePass', { lane: 'deep', request: waiting }, signal)),
    lanes,
  };
};
