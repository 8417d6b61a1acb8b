import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database.ts';
import { createEndQuery, untilLeft } from '#platform/leaving.ts';
import { makeRecording } from '../../api/history/edf/recording.ts';
import { readingsCsv, trendsJson, wavesJson } from '../../api/history/stored.ts';
import { burdenBytes } from '../../api/review/burden-bytes.ts';
import { readBurden } from '../../review/burden.ts';
import { goOn } from '../../review/late-passes.ts';
import { recomputeWhatIf } from '../../review/what-if.ts';
import type { ArchiveQuestions, Lane, Step } from './questions.ts';

/** The answers of the archive, each as items that are made one at a time: between two of them another may have a turn. */

export type Answers = {
  readonly [Verb in keyof ArchiveQuestions]: (
    input: ArchiveQuestions[Verb]['input'],
    signal: AbortSignal,
  ) => AsyncGenerator<ArchiveQuestions[Verb]['item'], void>;
};

/** A work of many small steps tells of itself this often: each item costs the station a little. */
const TURN_MS = 100;

async function* inTurns<Progress, Result>(
  work: AsyncGenerator<Progress, Result>,
  clock: Pick<Clock, 'elapsed'>,
): AsyncGenerator<Step<Progress, Result>, void> {
  try {
    let tellAt = Number.NEGATIVE_INFINITY;
    let step = await work.next();
    for (; !step.done; step = await work.next()) {
      if (clock.elapsed() < tellAt) continue;
      yield { progress: step.value };
      tellAt = clock.elapsed() + TURN_MS;
    }
    yield { result: step.value };
  } finally {
    // Only of use to one that was broken off: it gives its connection back.
    await work.throw(new Error('broken off')).catch(() => undefined);
  }
}

/** A pool for each lane. A question has connections of its own, whose queries end with it. */
export const createAnswers = ({
  databases,
  clock,
}: {
  databases: Readonly<Record<Lane, Database>>;
  clock: Pick<Clock, 'elapsed'>;
}): Answers => {
  const endQuery = createEndQuery(databases.quick);
  const open = (lane: Lane, signal: AbortSignal): Database => untilLeft(databases[lane], signal, endQuery);
  return {
    async *trends({ lane, request }, signal) {
      yield await trendsJson(open(lane, signal), request);
    },
    async *waves({ lane, request }, signal) {
      yield await wavesJson(open(lane, signal), request);
    },
    async *burden({ lane, request: { format, ...request } }, signal) {
      yield burdenBytes(await readBurden(open(lane, signal), request), format);
    },
    async *latePass({ lane, request }, signal) {
      yield await goOn(open(lane, signal), request, signal);
    },
    readings: ({ lane, request }, signal) => readingsCsv(open(lane, signal), request),
    recording: ({ lane, request }, signal) => makeRecording(open(lane, signal), request, signal),
    whatIf: ({ lane, request }, signal) => inTurns(recomputeWhatIf(open(lane, signal), request, signal), clock),
  };
};
