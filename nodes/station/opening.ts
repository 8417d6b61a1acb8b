import type { Clock } from '#platform/clock.ts';
import type { Config } from '#platform/config.ts';
import type { Logger } from '#platform/log.ts';
import type { ReleaseList } from '#platform/release.ts';

/** What every step of opening a station has at hand. */
export type Opening = {
  readonly config: Config;
  readonly log: Logger;
  readonly clock: Clock;
  readonly version: string;
  /** What a step has opened goes here at once, so that it is closed even when the next step fails. */
  readonly releases: ReleaseList;
};
