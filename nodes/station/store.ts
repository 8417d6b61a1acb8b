import { Counter, Gauge } from 'prom-client';
import type { Clock } from '#platform/clock.ts';
import { coerceError } from '#platform/errors.ts';
import type { Revive } from '#platform/thread/messages.ts';
import { createThread, type Thread } from '#platform/thread/thread.ts';
import { createStore, type Store } from '../../ingest/store.ts';
import { createHandOver } from '../store/hand-over.ts';
import type { StoreQuestions } from '../store/questions.ts';
import { createThreadStore } from '../store/store.ts';
import type { StoreThreadData } from '../store/thread.ts';
import type { Foundation } from './foundation.ts';
import type { Opening } from './opening.ts';

const ENTRY = new URL('../store/thread.ts', import.meta.url);

/** A batch and its rows take some MiB. */
const MAX_HEAP_MIB = 512;

/** While a station starts and its devices come back there is no processor to spare for it. */
const BEGIN_AFTER_MS = 3_000;

/** The writer knows by this class that a record cannot be read. */
const revive: Revive = ({ name, message }) => (name === 'RangeError' ? new RangeError(message) : undefined);

export type StationStore = {
  readonly open: (journalId: () => string) => Store;
  /** The station is ready: the thread begins soon, and takes over. */
  readonly stationIsReady: () => void;
};

/** Has the thread begun after a while, and again after a while when it died. */
const createBeginning = (thread: Pick<Thread<StoreQuestions>, 'ask'>, clock: Pick<Clock, 'after'>) => {
  const over = new AbortController();
  let isThere = false;

  const begin = async (): Promise<void> => {
    for await (const _ of thread.ask('ready', null, over.signal)) isThere = !over.signal.aborted;
  };

  return {
    isThere: () => isThere,
    /** `onFailure`: it did not come to be there. Only one that died is begun again; until the next start the station's own thread writes. */
    soon: (onFailure: (error: Error) => void) =>
      clock.after(
        BEGIN_AFTER_MS,
        () => void begin().catch((error: unknown) => over.signal.aborted || onFailure(coerceError(error))),
        'background',
      ),
    died(): void {
      isThere = false;
    },
    end(): void {
      over.abort(new Error('the station stops'));
    },
  };
};

/** Rows are made and written in this thread while the station starts, and then by one of their own. */
export const prepareStore = (
  { log, clock, releases }: Pick<Opening, 'log' | 'clock' | 'releases'>,
  { databaseUrl, ingestDatabase, metrics }: Pick<Foundation, 'databaseUrl' | 'ingestDatabase' | 'metrics'>,
): StationStore => {
  const deaths = new Counter({
    name: 'wardwatch_writer_deaths_total',
    help: 'How often the thread that writes into the database ended by itself; it begins again, and nothing is lost.',
    registers: [metrics],
  });
  const thread = createThread<StoreQuestions>({
    entry: ENTRY,
    data: { databaseUrl } satisfies StoreThreadData,
    maxHeapMib: MAX_HEAP_MIB,
    revive,
    onDeath(error) {
      deaths.inc();
      log.error({ err: error }, 'the thread that writes into the database ended; it begins again soon');
      beginning.died();
      beginning.soon(onFailure);
    },
    onTrouble: (trouble, error) => log.warn({ err: error }, trouble),
  });
  const beginning = createBeginning(thread, clock);
  const onFailure = (error: Error): void => log.warn({ err: error }, 'the thread that writes did not begin');
  new Gauge({
    name: 'wardwatch_writer_thread',
    help: '1 while the database is written by a thread of its own, as it is some seconds after the start.',
    registers: [metrics],
    collect() {
      this.set(beginning.isThere() ? 1 : 0);
    },
  });
  releases.add('writer', thread.stop);
  releases.add('beginning of the writer', beginning.end);
  return {
    open: (journalId) =>
      createHandOver({
        here: createStore({ database: ingestDatabase, journalId }),
        there: createThreadStore({ ask: thread.ask, journalId }),
        isThere: beginning.isThere,
      }),
    stationIsReady: () => void beginning.soon(onFailure),
  };
};
