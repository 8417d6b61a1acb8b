/**
 * Which units of the ward this process decides for. Two processes that decide for one bed would announce two alarms for
 * one event, so no unit may ever belong to two processes at once.
 */
export type Ownership = {
  /**
   * Called once, before anything is decided. Resolves when no other process decides for these units any more. They
   * belong to this process for as long as it lives: a process that has to give up a unit ends.
   */
  readonly acquire: () => Promise<OwnedUnits>;
};

export type OwnedUnits = {
  /** Called for each bed when the registry changes. A new unit belongs to a process from the first moment on. */
  readonly has: (unit: string) => boolean;
};
