/**
 * How a backlog is moved without hurting who is being served: while it shrinks quickly anyway, in small batches with a rest after
 * each; and as fast as it goes when more comes in than that would move.
 *
 * A batch is made ready on the thread that acknowledges, at 0.3 µs a reading, and while the database writes it, it has a
 * core and the disk for itself.
 */
export type Pace = {
  /** What the next batch may have. */
  readonly batchBytes: number;
  readonly restMs: number;
};

/** About 5,000 readings: 2 ms of our thread. */
const SMALL_BATCH_BYTES = 128 * 1_024;

/** About 1,250 readings: the first of a session asks for the ids of all its series, and runs code that nothing has run for long. */
const FIRST_BATCH_BYTES = 32 * 1_024;

/** About 20,000 readings, for which the database needs a third less than in small batches. */
const BATCH_BYTES = 512 * 1_024;

/** A backlog shrinks at least as fast as it would grow without us. */
const AHEAD = 2;

/** Nothing came for so long: nobody is being served who could be hurt, as after a restart before the devices are back. */
const QUIET_AFTER_MS = 250;

/** The pace of who is at the end of the journal after each batch. */
export const UNHURRIED: Pace = { batchBytes: BATCH_BYTES, restMs: 0 };

/**
 * How long what comes is gathered once all is written: the database needs a third less for a reading in a batch of 20,000 than in one of
 * 5,000, so much comes that it is worth waiting for longer.
 */
export const lingerAfter = (movedBytes: number): number => (movedBytes > SMALL_BATCH_BYTES / 2 ? 150 : 100);

/** The pace of a new session, which finds what came while there was none. */
export const FIRST_PACE: Pace = { batchBytes: FIRST_BATCH_BYTES, restMs: 0 };

/**
 * After a batch that took so long, while so much came. It rests for as long again, as far as the backlog allows. No batch is larger
 * than two of the last.
 */
export const paceAfter = ({
  tookMs,
  movedBytes,
  cameBytes,
  quietMs,
}: {
  tookMs: number;
  movedBytes: number;
  cameBytes: number;
  /** How long ago the last record came. */
  quietMs: number;
}): Pace => {
  const atMost = (batchBytes: number): number => Math.min(batchBytes, Math.max(FIRST_BATCH_BYTES, 2 * movedBytes));
  if (quietMs >= QUIET_AFTER_MS) return { batchBytes: atMost(BATCH_BYTES), restMs: 0 };
  const mayTakeMs = (tookMs * movedBytes) / (AHEAD * Math.max(1, cameBytes));
  const restMs = Math.min(tookMs, Math.max(0, mayTakeMs - tookMs));
  return { batchBytes: atMost(restMs < tookMs ? BATCH_BYTES : SMALL_BATCH_BYTES), restMs };
};
