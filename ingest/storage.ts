import { join } from 'node:path';
import type { Journal } from '#contracts/ports/journal.ts';
import type { Clock } from '#platform/clock.ts';
import type { Logger } from '#platform/log.ts';
import type { StationFacts } from './alarms/station.ts';
import { type Append, createAppend } from './append.ts';
import { createFlushWatch } from './flush-watch.ts';
import { createJournal, type StationJournal } from './journal/journal.ts';
import type { IngestStats } from './stats.ts';
import { storageTroubles } from './storage-troubles.ts';
import type { Store } from './store.ts';
import { createWriter, type Writer } from './writer/writer.ts';

/** Where records go: into the journal, and from there into the database once it is ready. */
export type Storage = {
  readonly journal: Journal;
  readonly append: Append;
  /** Opens the journal. Throws a NewerFormatError when a newer release wrote in it. */
  readonly start: () => void;
  /** The database is there and has our schema: begins to drain the journal. */
  readonly beginWriting: () => void;
  readonly isDatabaseReady: () => boolean;
  readonly endWriting: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** False while the journal cannot flush. */
  readonly canStore: () => boolean;
  /** Must be called about every second. */
  readonly watch: () => void;
  readonly facts: () => StationFacts;
  /** Why not all is well, for a person; empty when it is. */
  readonly troubles: () => string[];
  readonly drained: () => Promise<void>;
};

export type StorageDependencies = {
  readonly dataDir: string;
  readonly openStore: (journalId: () => string) => Store;
  /** False: another station writes there, and nothing leaves the journal. */
  readonly mayStore: () => boolean;
  readonly journalMaxBytes: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly stats: IngestStats;
};

const openJournal = ({ dataDir, journalMaxBytes, clock, log }: StorageDependencies): StationJournal =>
  createJournal({
    path: join(dataDir, 'journal'),
    maxBytes: journalMaxBytes,
    clock,
    onFailure: (error) =>
      log.error({ err: error }, 'the journal cannot be flushed; nothing is acknowledged until it can'),
  });

/** Nothing is written, and nothing settled, while the database is not claimed for this station. */
const onlyWhile = (mayStore: () => boolean, { open, abandon }: Store): Store => {
  const claimed = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (!mayStore()) throw new Error('the database is not claimed for this station');
    return await work();
  };
  return {
    open: () =>
      claimed(async () => {
        const session = await open();
        const { write, settle } = session;
        return { ...session, write: (entries) => claimed(() => write(entries)), settle: () => claimed(settle) };
      }),
    abandon,
  };
};

const openWriter = (
  { openStore, mayStore, clock, log, stats }: StorageDependencies,
  journal: StationJournal,
): Writer => {
  return createWriter({
    journal,
    store: onlyWhile(mayStore, openStore(journal.id)),
    clock,
    onStored({ readings, written, corrected }) {
      stats.storedReadings += readings;
      stats.storedRows += written;
      stats.corrections += corrected;
    },
    onFailure(error) {
      stats.databaseFailures++;
      log.warn({ err: error }, 'the database cannot be written; the journal keeps what comes');
    },
    onRefused(error) {
      stats.rejected['storage-refused']++;
      log.error({ err: error }, 'the database refused a record; it is kept in rejected_messages');
    },
  });
};

export const createStorage = (deps: StorageDependencies): Storage => {
  const { mayStore, journalMaxBytes, clock } = deps;
  const journal = openJournal(deps);
  const writer = openWriter(deps, journal);
  const flushWatch = createFlushWatch({ journal, clock });
  let isDatabaseReady = false;

  return {
    journal,
    append: createAppend(journal),
    start: journal.start,
    beginWriting() {
      isDatabaseReady = true;
      writer.start();
    },
    isDatabaseReady: () => isDatabaseReady,
    endWriting: writer.stop,
    stop: journal.stop,
    canStore() {
      const { full, failure } = journal.state();
      return !full && failure === undefined;
    },
    watch: flushWatch.look,
    facts() {
      const { failure, isSlow } = writer.state();
      return {
        journalShare: journal.state().storedBytes / journalMaxBytes,
        databaseAway: !isDatabaseReady || !mayStore() || failure !== undefined || isSlow,
      };
    },
    troubles: () =>
      storageTroubles({
        isDatabaseReady,
        writer: writer.state(),
        journal: journal.state(),
        flushWaitingMs: flushWatch.waitingMs(),
      }),
    drained: writer.drained,
  };
};
