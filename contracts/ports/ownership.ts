/**
 * Which units of the ward this process decides for. Two that decided for one bed would announce two alarms for one event,
 * so whatever gives the answer must never give a unit to two at once.
 */
export type Ownership = {
  /**
   * Called once, before anything is decided. Resolves when nobody else decides for these units any more. They stay ours for
   * as long as this process lives: who is to give one up ends.
   */
  readonly acquire: () => Promise<OwnedUnits>;
};

export type OwnedUnits = {
  /** Called for each bed when the registry changes. A unit that is new is somebody's from the first on. */
  readonly has: (unit: string) => boolean;
};
