import { Counter, Gauge } from 'prom-client';
import type { Cancel, Clock } from '#platform/clock.ts';
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

/** Until one that did not come to be there is asked again; the station's own thread writes meanwhile. */
const BEGIN_AGAIN_AFTER_MS = 60_000;

/** The writer knows by this class that a record cannot be read. */
const revive: Revive = ({ name, message }) => (name === 'RangeError' ? new RangeError(message) : undefined);

export type StationStore = {
  readonly open: (journalId: () => string) => Store;
  /** The station is ready: the thread begins soon, and takes over. */
  readonly stationIsReady: () => void;
};

/** Has the thread begun after a while, and again after a while when it died or did not come to be there. */
const createBeginning = (
  thread: Pick<Thread<StoreQuestions>, 'ask'>,
  clock: Pick<Clock, 'after'>,
  onFailure: (error: Error) => void,
) => {
  const over = new AbortController();
  let isThere = false;
  let cancel: Cancel | undefined;

  const begin = async (): Promise<void> => {
    for await (const _ of thread.ask('ready', null, over.signal)) isThere = !over.signal.aborted;
  };

  const tryToBegin = async (): Promise<void> => {
    try {
      await begin();
    } catch (error) {
      if (over.signal.aborted) return;
      onFailure(coerceError(error));
      beginAfter(BEGIN_AGAIN_AFTER_MS);
    }
  };

  /** In the place of what was to be before: one that dies while it begins is told of twice. */
  const beginAfter = (delayMs: number): void => {
    cancel?.();
    cancel = clock.after(delayMs, () => void tryToBegin(), 'background');
  };

  return {
    isThere: () => isThere,
    soon: () => beginAfter(BEGIN_AFTER_MS),
    died(): void {
      isThere = false;
      beginAfter(BEGIN_AFTER_MS);
    },
    end(): void {
      cancel?.();
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
    },
    onTrouble: (trouble, error) => log.warn({ err: error }, trouble),
  });
  const beginning = createBeginning(thread, clock, (error) =>
    log.warn({ err: error }, 'the thread that writes did not begin; it is tried again'),
  );
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
    stationIsReady: beginning.soon,
  };
};
