import type { SnapshotFrame } from '../live.ts';

/** The present state of the ward, from memory: it answers with the database stopped. */
export type LiveState = {
  readonly units: () => { readonly id: string; readonly name: string }[];
  /** undefined when there is no such unit. */
  readonly snapshot: (unit: string) => SnapshotFrame | undefined;
};
