import type { Refusal } from '../http/refusals.ts';

/** The refusals that are kept; each list has the newest first. */
export type RefusalRecord = {
  /** Of a device or a gateway. */
  readonly ofDevice: (device: string) => readonly Refusal[];
  /**
   * Refusals of peers that are no device or gateway of ours: unknown user names, integrations, and connections that never named
   * themselves.
   */
  readonly ofOthers: () => readonly Refusal[];
};
