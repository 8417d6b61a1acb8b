import { join } from 'node:path';
import type { Cancel, Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database.ts';
import { coerceError } from '#platform/errors.ts';
import type { Logger } from '#platform/log.ts';
import type { Shortened } from './intervals.ts';
import { indexRegistry, type Registry, type RegistryData } from './registry.ts';
import { loadChangedRegistry, readRegistryCopy, recordShorter, writeRegistryCopy } from './registry-store.ts';
import { createRounds } from './rounds.ts';

/** Keeps the registry that is in force, from the database, or from the copy on disk while that is away. */
export type RegistryKeeper = {
  readonly current: () => Registry;
  /** Has the copy be in force, if there is one. Throws a NewerFormatError when it is of a newer release. */
  readonly readCopy: () => Promise<void>;
  /** Resolves when what the database has now is in force. Rejects when the database cannot be read. */
  readonly reload: () => Promise<void>;
  /** Reads it again and again, also when nobody said that it changed. */
  readonly start: () => void;
  readonly stop: () => void;
  /** `listener` is called after each change, when it is in force. Returns what ends that. */
  readonly onChanged: (listener: () => void) => () => void;
};

export type RegistryKeeperDependencies = {
  readonly dataDir: string;
  readonly database: Database;
  readonly retentionDays: number;
  readonly everyMs: number;
  readonly clock: Pick<Clock, 'now' | 'every'>;
  /** Intervals in force that are not on record yet. */
  readonly shortened: () => readonly Shortened[];
  /** Resolves when it is in force everywhere. */
  readonly use: (registry: Registry) => Promise<void>;
  readonly log: Logger;
};

/** Which edition of the database's registry is in force everywhere. */
const createInForce = (now: () => number) => {
  let current: { readonly edition: string; readonly sinceMs: number } | undefined;
  return {
    edition: () => current?.edition,
    /** A stay or an assignment of the registry has begun or ended by time since, or our clock was put back. */
    isPast: (registry: Registry): boolean =>
      current === undefined || now() < current.sinceMs || registry.changesWithin(current.sinceMs, now()),
    /** Until it is everywhere, none counts as in force: what failed is tried again. */
    async put(edition: string | undefined, everywhere: () => Promise<void>): Promise<void> {
      const sinceMs = now();
      current = undefined;
      await everywhere();
      if (edition !== undefined) current = { edition, sinceMs };
    },
  };
};

export const createRegistryKeeper = (deps: RegistryKeeperDependencies): RegistryKeeper => {
  const { dataDir, database, retentionDays, everyMs, clock, shortened, use, log } = deps;
  const copyPath = join(dataDir, 'registry.json');
  const listeners = new Set<() => void>();
  let registry = indexRegistry();
  const inForce = createInForce(clock.now);
  let stopReading: Cancel | undefined;

  const take = async (data: RegistryData): Promise<void> => {
    registry = indexRegistry(data);
    await use(registry);
  };

  /**
   * The copy is only for a start without the database: a full disk must not keep the new registry from being in force.
   */
  const writeCopy = (data: RegistryData): Promise<void> =>
    writeRegistryCopy(copyPath, data).catch((error: unknown) =>
      log.error({ err: coerceError(error) }, 'the copy of the registry cannot be written'),
    );

  /** What is the same is not put in force again: for a ward of 1,000 beds that takes some tens of milliseconds. */
  const reload = createRounds(async () => {
    for (const shorter of shortened()) await recordShorter(database, shorter);
    const changed = await loadChangedRegistry(database, retentionDays, inForce.edition());
    if (!changed && !inForce.isPast(registry)) return;
    await inForce.put(changed?.edition ?? inForce.edition(), () => take(changed?.data ?? registry.data));
    if (!changed) return;
    for (const listener of listeners) listener();
    await writeCopy(changed.data);
  });

  return {
    current: () => registry,
    async readCopy() {
      const copy = await readRegistryCopy(copyPath);
      if (copy) await take(copy);
    },
    reload,
    start() {
      stopReading ??= clock.every(everyMs, () => void reload().catch(ignore));
    },
    stop() {
      stopReading?.();
      stopReading = undefined;
    },
    onChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};

/** The writer reports failures of the database. */
const ignore = (): void => {};
