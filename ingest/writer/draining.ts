import type { Batch, Journal } from '#contracts/ports/journal.ts';
import { sleep } from '#platform/backoff.ts';
import type { Clock } from '#platform/clock.ts';
import { FIRST_PACE, lingerAfter, type Pace, paceAfter, UNHURRIED } from './pace.ts';
import type { Session } from './sessions.ts';
import type { WriteSplitting } from './splitting.ts';

/** How long what is written may wait for the disk of the database. */
export const SETTLE_EVERY_MS = 1_000;

/** What of the session it needs: what is written goes through the splitting. */
type Settling = Pick<Session, 'settle' | 'isBroken'>;

/**
 * Moves all that is in the journal, from the oldest record on, and what comes, into the database by one session, and trims
 * what is settled. Resolves on abort, and when the session broke while nothing was asked of it; rejects when it failed.
 */
export const drain = async (
  session: Settling,
  {
    journal,
    write,
    clock,
    signal,
    onWritten,
  }: {
    journal: Journal;
    write: WriteSplitting;
    clock: Clock;
    signal: AbortSignal;
    /** Everything up to this segment is in the database. */
    onWritten: (through: number) => void;
  },
): Promise<void> => {
  /** When something was last seen to come while a batch was written. */
  let cameAt = clock.elapsed();

  /** Writes what was read while the journal ended at `newest`. The pace of the next batch, which the rest comes before. */
  const timed = async ({ entries, through }: Batch, newest: number): Promise<Pace> => {
    const beganAt = clock.elapsed();
    const storedBytes = journal.state().storedBytes;
    await write(entries);
    const movedBytes = entries.reduce((bytes, entry) => bytes + entry.bytes.length, 0);
    if (through >= newest) return { ...UNHURRIED, restMs: lingerAfter(movedBytes) };
    const cameBytes = journal.state().storedBytes - storedBytes;
    if (cameBytes > 0) cameAt = clock.elapsed();
    return paceAfter({ tookMs: clock.elapsed() - beganAt, movedBytes, cameBytes, quietMs: clock.elapsed() - cameAt });
  };

  // How far it came is known to nobody else: what an earlier session wrote and did not settle may be gone.
  let written = 0;
  let pace = FIRST_PACE;
  let isSettled = true;
  let settledAt = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    if (isSettled) await journal.waitForData(written, signal);
    else await waitForSome(SETTLE_EVERY_MS, signal, clock, (within) => journal.waitForData(written, within));
    if (session.isBroken()) return;
    const newest = journal.lastStored();
    const batch = await journal.read(written, pace.batchBytes);
    if (batch) pace = await timed(batch, newest);
    isSettled &&= batch === undefined;
    // Without a batch the journal was trimmed to its end, and the next record comes after that.
    written = batch?.through ?? Math.max(written, newest);
    onWritten(written);
    if (!isSettled && clock.elapsed() - settledAt >= SETTLE_EVERY_MS) {
      await session.settle();
      journal.trim(written);
      isSettled = true;
      settledAt = clock.elapsed();
    }
    if (batch) await sleep(pace.restMs, signal, clock);
  }
};

/** Resolves when the waiting is over, and after so long in any case. */
const waitForSome = async (
  mostMs: number,
  signal: AbortSignal,
  clock: Clock,
  wait: (within: AbortSignal) => Promise<void>,
): Promise<void> => {
  const enough = new AbortController();
  const cancel = clock.after(mostMs, () => enough.abort());
  await wait(AbortSignal.any([signal, enough.signal]));
  cancel();
};
