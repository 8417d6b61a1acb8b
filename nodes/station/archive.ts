import { Counter, Gauge, type Registry } from 'prom-client';
import { SettingsProblemError } from '#contracts/http/review.ts';
import { createLateness } from '#platform/lateness.ts';
import type { Revive, ToldError } from '#platform/thread/messages.ts';
import { createThread } from '#platform/thread/thread.ts';
import { ProblemError } from '../../api/http/problems.ts';
import { type ArchiveDesk, createArchiveDesk } from '../archive/archive.ts';
import { type ArchiveQuestions, LANES } from '../archive/questions.ts';
import type { ArchiveThreadData } from '../archive/thread.ts';
import type { Foundation } from './foundation.ts';
import type { Opening } from './opening.ts';

const ENTRY = new URL('../archive/thread.ts', import.meta.url);

/** Twelve exports and a recomputation take some 200 MiB; what takes more is better ended than the station. */
const MAX_HEAP_MIB = 768;

/** Errors that callers tell apart by their class. They come with all the fields they were made of. */
const KNOWN: Readonly<Record<string, (told: ToldError) => Error>> = {
  ProblemError: ({ message, fields }) => new ProblemError(Number(fields.status), String(fields.kind), message, fields),
  SettingsProblemError: ({ fields }) => new SettingsProblemError(fields.problems as readonly string[]),
  TypeError: ({ message }) => new TypeError(message),
};

const revive: Revive = (told) => KNOWN[told.name]?.(told);

const measure = (metrics: Registry, { lanes }: ArchiveDesk): void => {
  new Gauge({
    name: 'wardwatch_archive_asked',
    help: 'Questions of what is stored that are being answered or wait for their turn, by lane.',
    labelNames: ['lane', 'state'],
    registers: [metrics],
    collect() {
      for (const lane of LANES) {
        const { inside, waiting } = lanes[lane].counts();
        this.set({ lane, state: 'waiting' }, waiting);
        this.set({ lane, state: 'answered' }, inside - waiting);
      }
    },
  });
};

/** What is stored, read by a thread of its own. The thread begins with the first question. */
export const openArchive = (
  { log, releases }: Pick<Opening, 'log' | 'releases'>,
  { databaseUrl, metrics }: Pick<Foundation, 'databaseUrl' | 'metrics'>,
): ArchiveDesk => {
  const deaths = new Counter({
    name: 'wardwatch_archive_deaths_total',
    help: 'How often the thread that reads what is stored ended by itself; it begins again with the next question.',
    registers: [metrics],
  });
  const thread = createThread<ArchiveQuestions>({
    entry: ENTRY,
    data: { databaseUrl } satisfies ArchiveThreadData,
    maxHeapMib: MAX_HEAP_MIB,
    revive,
    onDeath(error) {
      deaths.inc();
      log.error({ err: error }, 'the thread that reads what is stored ended; it begins again with the next question');
    },
    onTrouble: (trouble, error) => log.warn({ err: error }, trouble),
  });
  releases.add('archive', thread.stop);
  const lateness = createLateness();
  releases.add('lateness', lateness.stop);
  const desk = createArchiveDesk({ ask: thread.ask, latenessMs: lateness.lookMs });
  measure(metrics, desk);
  return desk;
};
