import { judgeInterval, NO_SPACINGS, type Spacings, typicalSpacingMs, withMeasurement } from '#domain/interval.ts';
import type { Registry } from './registry.ts';

/**
 * How far apart the messages of each device are expected to be: what is on record, unless the device reported a shorter
 * interval or was seen to keep one. A longer one is only proposed.
 */

export type IntervalChange = { readonly intervalMs: number | null; readonly intervalProposedMs: number | null };

/** An interval in force that is not on record yet. `fromMs` is what was on record when it came. */
export type Shortened = { readonly device: string; readonly fromMs: number; readonly intervalMs: number | null };

export type Intervals = {
  /** null: it sends continuously. */
  readonly inForce: (device: string) => number | null;
  /** What a status message reports. */
  readonly reported: (device: string, intervalMs: number) => void;
  /** Vital signs that came live, by when they were measured. */
  readonly measured: (device: string, timeMs: number) => void;
  readonly setRegistry: (registry: Registry) => void;
  readonly shortened: () => Shortened[];
  /** All that is known of it. */
  readonly of: (device: string) => KnownInterval;
};

/** `setMs`: on record. In `setMs` and `inForceMs` null means that it sends continuously, in the others that none is known. */
export type KnownInterval = {
  readonly setMs: number | null;
  readonly inForceMs: number | null;
  readonly toldMs: number | null;
  readonly seenMs: number | null;
  readonly proposedMs: number | null;
};

type State = {
  /** undefined: the registry has not been seen yet. */
  onRecordMs: number | null | undefined;
  inForceMs: number | null;
  proposedMs: number | null;
  reportedMs: number | null;
  spacings: Spacings;
};

export type IntervalsDependencies = { readonly onChange: (device: string, change: IntervalChange) => void };

const UNKNOWN: State = {
  onRecordMs: undefined,
  inForceMs: null,
  proposedMs: null,
  reportedMs: null,
  spacings: NO_SPACINGS,
};

const knownOf = ({ onRecordMs, inForceMs, reportedMs, proposedMs, spacings }: State): KnownInterval => ({
  setMs: onRecordMs ?? null,
  inForceMs,
  toldMs: reportedMs,
  seenMs: typicalSpacingMs(spacings),
  proposedMs,
});

export const createIntervals = ({ onChange }: IntervalsDependencies): Intervals => {
  const states = new Map<string, State>();

  const stateOf = (device: string): State => {
    const known = states.get(device);
    if (known) return known;
    const state: State = { ...UNKNOWN };
    states.set(device, state);
    return state;
  };

  // The shorter of the reported and the seen interval counts: who promises one a second is silent after a few seconds.
  const judge = (device: string, state: State): void => {
    const { inForceMs, proposedMs, reportedMs, spacings } = state;
    const seenMs = typicalSpacingMs(spacings);
    const isSeen = seenMs !== null && (reportedMs === null || seenMs < reportedMs);
    const intervalMs = isSeen ? seenMs : reportedMs;
    const verdict = intervalMs === null ? undefined : judgeInterval(inForceMs, { intervalMs, isSeen });
    if (verdict?.news === 'shorter') state.inForceMs = verdict.intervalMs;
    state.proposedMs = verdict?.news === 'longer' ? verdict.intervalMs : null;
    if (state.inForceMs === inForceMs && state.proposedMs === proposedMs) return;
    onChange(device, { intervalMs: state.inForceMs, intervalProposedMs: state.proposedMs });
  };

  return {
    inForce: (device) => states.get(device)?.inForceMs ?? null,
    reported(device, intervalMs) {
      const state = stateOf(device);
      state.reportedMs = intervalMs;
      judge(device, state);
    },
    measured(device, timeMs) {
      const state = stateOf(device);
      const spacings = withMeasurement(state.spacings, timeMs);
      if (spacings === state.spacings) return;
      state.spacings = spacings;
      judge(device, state);
    },
    setRegistry({ data }) {
      for (const { id, intervalMs = null } of data.devices) {
        const state = stateOf(id);
        if (intervalMs === state.onRecordMs) continue;
        state.onRecordMs = intervalMs;
        state.inForceMs = intervalMs;
        // A person decided: spacings that were seen before must not speak against the decision.
        state.spacings = NO_SPACINGS;
        onChange(id, { intervalMs, intervalProposedMs: state.proposedMs });
        judge(id, state);
      }
    },
    of: (device) => knownOf(states.get(device) ?? UNKNOWN),
    shortened: () =>
      [...states].flatMap(([device, { onRecordMs, inForceMs }]) =>
        typeof onRecordMs !== 'number' || onRecordMs === inForceMs
          ? []
          : [{ device, fromMs: onRecordMs, intervalMs: inForceMs }],
      ),
  };
};
