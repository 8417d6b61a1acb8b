import type { Refusal } from '../http/refusals.ts';

/** The refusals that are kept; each list has the newest first. */
export type RefusalRecord = {
  readonly ofDevice: (device: string) => readonly Refusal[];
  /**
   * Refusals of peers that are no device of ours: unknown user names, integrations, and connections that never named
   * themselves.
   */
  readonly ofOthers: () => readonly Refusal[];
};
