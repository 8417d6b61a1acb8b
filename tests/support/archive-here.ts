import { systemClock } from '#platform/clock.ts';
import type { Database } from '#platform/database.ts';
import { createAnswers } from '../../nodes/archive/answers.ts';
import { type ArchiveDesk, createArchiveDesk } from '../../nodes/archive/archive.ts';

/** The archive of a station, with its answers made here and not in a thread. */
export const createArchiveHere = (database: Database): Pick<ArchiveDesk, 'archive' | 'review'> => {
  const answers = createAnswers({ databases: { quick: database, deep: database }, clock: systemClock });
  const { archive, review } = createArchiveDesk({
    ask: (verb, input, signal) => answers[verb](input, signal),
    latenessMs: () => 0,
  });
  return { archive, review };
};
