/** What one screen may cost the station. */
export type LiveLimits = {
  /** Bytes waiting for a screen above which all but alarms is skipped for it, until it has read all. */
  readonly skipAboveBytes: number;
  /** Bytes waiting for a screen above which it is closed. */
  readonly closeAboveBytes: number;
  /**
   * A screen that neither reads nor answers for this many heartbeats is closed. Counted, not timed: when the station
   * itself was held up, the answers that wait in its sockets must be read before anybody is judged.
   */
  readonly silentHeartbeats: number;
  readonly pingEveryHeartbeats: number;
  /** How often skipped screens are looked at again. */
  readonly tickMs: number;
  readonly clientFramesPerHeartbeat: number;
  /** How many alarm frames a screen may still answer by `shown` without these answers counting above. */
  readonly answersOpen: number;
  readonly clientFrameBytes: number;
  /** Bad frames after which a screen is closed. */
  readonly offences: number;
  /** Screens that are signed in by one name. */
  readonly screensPerName: number;
};

export const liveLimits = ({
  maxBufferedBytes,
  tickMs = 100,
  maxScreensPerName = 500,
}: {
  maxBufferedBytes: number;
  tickMs?: number;
  maxScreensPerName?: number;
}): LiveLimits => ({
  // A quarter leaves room above it for what is never skipped: snapshots asked for, and alarms.
  skipAboveBytes: maxBufferedBytes / 4,
  closeAboveBytes: maxBufferedBytes,
  silentHeartbeats: 10,
  pingEveryHeartbeats: 3,
  tickMs,
  clientFramesPerHeartbeat: 20,
  answersOpen: 1_000,
  // A `shown` frame with as many alarms as it may name, and ids as long as they may be.
  clientFrameBytes: 128 * 1_024,
  offences: 5,
  screensPerName: maxScreensPerName,
});

/** RFC 6455 section 7.4.1 and the IANA registry of close codes. */
export const CLOSE = { goingAway: 1001, policy: 1008, tooBig: 1009, tryAgainLater: 1013 } as const;
