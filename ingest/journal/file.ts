import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import type { Batch, Checkpoint, Entry } from '#contracts/ports/journal.ts';
import { FORMAT } from '#domain/alarms/formats/upcast.ts';
import { refuseNewer } from '../formats/refuse-newer.ts';
import { formatOfRecord, formatOfState } from '../formats/upcast.ts';
import { firstRecord, unframe } from './segment.ts';

/** The LMDB files of a journal while they are open. */
export type JournalFile = {
  readonly path: string;
  readonly root: RootDatabase<unknown, string>;
  readonly segments: Database<Buffer, number>;
  /**
   * The database is made with the first checkpoint: to make it at the start would be to write before it is known that
   * there is room.
   */
  checkpoints: Database<Buffer, string> | undefined;
  /** Names this journal in the database, for as long as its files live. */
  readonly id: string;
  /** This release marks the files as its own with the first that it writes. */
  isMarked: boolean;
};

/** What an opened file holds. */
export type FoundSegments = {
  /** The bytes of each segment by its number, the oldest first. */
  readonly sizes: ReadonlyMap<number, number>;
  /** The highest number that was ever used. */
  readonly lastStored: number;
};

const CHECKPOINTS = 'checkpoints';

/** Room for checkpoints: 10,000 of 8 kB, as much again while they are replaced, and what is freed but still in use. */
const SPARE_MAP_BYTES = 256 * 2 ** 20;

const openCheckpoints = (root: RootDatabase<unknown, string>): Database<Buffer, string> =>
  root.openDB<Buffer, string>({ name: CHECKPOINTS, encoding: 'binary' });

/** Reads what is there. Writes nothing but the name of a journal that is new. */
const readFound = (path: string, root: RootDatabase<unknown, string>): { file: JournalFile; found: FoundSegments } => {
  const segments = root.openDB<Buffer, number>({ name: 'segments', encoding: 'binary', keyEncoding: 'ordered-binary' });
  const checkpoints = [...root.getKeys()].includes(CHECKPOINTS) ? openCheckpoints(root) : undefined;
  const mark = root.get('format');
  refuseNewer('the journal', mark);
  for (const { value } of checkpoints?.getRange({ snapshot: false }) ?? []) {
    refuseNewer('a saved state in the journal', formatOfState(value));
  }
  const lastTrimmed = root.get('trimmed');
  let lastStored = typeof lastTrimmed === 'number' ? lastTrimmed : 0;
  const sizes = new Map<number, number>();
  for (const { key, value } of segments.getRange({ snapshot: false })) {
    // The records of one segment were written by one release.
    refuseNewer('a record in the journal', formatOfRecord(firstRecord(value)));
    sizes.set(key, value.length);
    lastStored = Math.max(lastStored, key);
  }
  const stored = root.get('id');
  const id = typeof stored === 'string' ? stored : randomUUID();
  if (stored === undefined) root.putSync('id', id);
  return { file: { path, root, segments, checkpoints, id, isMarked: mark === FORMAT }, found: { sizes, lastStored } };
};

/** Throws a NewerFormatError, and leaves all as it is, when a newer release wrote anything in it. */
export const openFile = (path: string, maxBytes: number): { file: JournalFile; found: FoundSegments } => {
  // The map is address space, not memory. Freed pages are reused but not at once: leave them room.
  const root = open<unknown, string>({ path, mapSize: maxBytes * 2 + SPARE_MAP_BYTES, maxDbs: 3, cache: false });
  try {
    return readFound(path, root);
  } catch (error) {
    void root.close();
    throw error;
  }
};

/**
 * Resolves when the segment and the checkpoints are flushed. An empty segment is not put. LMDB commits the writes of one
 * event turn together or, if one fails, not at all (its write.js wraps them in a block, in which its writer.cpp neither
 * commits nor goes on after a failure): so not a turn of the event loop may pass between the puts.
 */
export const putTogether = async (
  file: JournalFile,
  segmentNumber: number,
  segment: Buffer,
  group: readonly { readonly checkpoint: Checkpoint | undefined }[],
): Promise<void> => {
  const puts: Promise<boolean>[] = [];
  for (const { checkpoint } of group) {
    if (!checkpoint) continue;
    file.checkpoints ??= openCheckpoints(file.root);
    puts.push(file.checkpoints.put(checkpoint.key, checkpoint.value));
  }
  if (segment.length > 0) puts.push(file.segments.put(segmentNumber, segment));
  if (!file.isMarked) puts.push(file.root.put('format', FORMAT));
  await Promise.all(puts);
  await file.root.flushed;
  file.isMarked = true;
};

/** Whole segments after `after` and up to `through`: at least one if there is one, about `maxBytes`. */
export const readSegments = (
  { segments }: JournalFile,
  { after, through: last, maxBytes }: { after: number; through: number; maxBytes: number },
): Batch | undefined => {
  const entries: Entry[] = [];
  let through = after;
  let bytes = 0;
  for (const { key, value } of segments.getRange({ start: after + 1, snapshot: false })) {
    if (bytes > 0 && bytes + value.length > maxBytes) break;
    if (key > last) break;
    unframe(key, value, entries);
    through = key;
    bytes += value.length;
  }
  return entries.length > 0 ? { entries, through } : undefined;
};

/** Removes segments, the newest given last. Resolves when that is done; it is on the disk with the next flush. */
export const removeSegments = async ({ root, segments }: JournalFile, numbers: readonly number[]): Promise<void> => {
  await Promise.all([...numbers.map((number) => segments.remove(number)), root.put('trimmed', numbers.at(-1))]);
};

/** What lmdb tells of a database: its own types leave it open. */
type PageCounts = Record<'pageSize' | 'treeBranchPageCount' | 'treeLeafPageCount' | 'overflowPages', number>;

const bytesOf = (database: Database<Buffer, string> | undefined): number => {
  if (!database) return 0;
  const { pageSize, treeBranchPageCount, treeLeafPageCount, overflowPages } = database.getStats() as PageCounts;
  return pageSize * (treeBranchPageCount + treeLeafPageCount + overflowPages);
};

/** What the file takes on disk and neither its segments, of so many bytes, nor checkpoints use. */
export const unusedBytesOf = ({ path, checkpoints }: JournalFile, segmentBytes: number): number =>
  statSync(join(path, 'data.mdb')).size - segmentBytes - bytesOf(checkpoints);

export const closeFile = async ({ root }: JournalFile): Promise<void> => {
  await root.flushed;
  await root.close();
};

/** The newest checkpoint of each key; none of a file that is not open. */
export async function* checkpointsIn(file: JournalFile | undefined): AsyncGenerator<Checkpoint> {
  yield* file?.checkpoints?.getRange({ snapshot: false }) ?? [];
}
