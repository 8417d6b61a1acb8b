import type { LiveDevice } from '#contracts/live.ts';
import { unheardAfterMs } from '#domain/interval.ts';
import type { Registry } from './registry.ts';

/**
 * Whether the messages of each device lately were live, late or refused, at the bed where it now is. A bed whose device
 * sends only refused or late messages is watched by nobody, and must not look as calm as one where all is well.
 */

export type Outcome = 'live' | 'late' | 'refused';

export type HearingChange = Required<Pick<LiveDevice, 'data' | 'lastLiveAt'>>;

export type Hearing = {
  /** Vital signs of a message that were taken, or a message or a part of it that was refused. */
  readonly heard: (device: string, outcome: Outcome, at: number) => void;
  /** What a device sent at another bed means nothing for this bed. */
  readonly setRegistry: (registry: Registry, at: number) => void;
  /** What time alone changes. To be called about every second. */
  readonly check: (at: number) => void;
};

/** Refused or late messages within this time mean that it still goes on. */
const RECENT_MS = 60_000;

type State = { bed: string | null; readonly at: Record<Outcome, number>; data: LiveDevice['data'] };

const NEVER = Number.NEGATIVE_INFINITY;

const dataOf = ({ at }: State, nowMs: number, intervalMs: number | null): LiveDevice['data'] => {
  const liveForMs = unheardAfterMs(intervalMs);
  if (nowMs - at.live <= liveForMs) return 'live';
  const isRecent = (time: number) => time > at.live && nowMs - time <= Math.max(RECENT_MS, liveForMs);
  if (isRecent(at.late)) return 'late';
  return isRecent(at.refused) ? 'refused' : 'none';
};

export const createHearing = ({
  intervalOf,
  onChange,
}: {
  /** Expected of the device; null: it sends continuously. */
  intervalOf: (device: string) => number | null;
  onChange: (device: string, change: HearingChange) => void;
}): Hearing => {
  const states = new Map<string, State>();

  const stateOf = (device: string): State => {
    const known = states.get(device);
    if (known) return known;
    const state: State = { bed: null, at: { live: NEVER, late: NEVER, refused: NEVER }, data: 'none' };
    states.set(device, state);
    return state;
  };

  const tell = (device: string, state: State, at: number): void => {
    const data = dataOf(state, at, intervalOf(device));
    if (data === state.data) return;
    state.data = data;
    onChange(device, { data, lastLiveAt: state.at.live === NEVER ? null : state.at.live });
  };

  return {
    heard(device, outcome, at) {
      const state = stateOf(device);
      state.at[outcome] = at;
      if (outcome !== state.data) tell(device, state, at);
    },
    setRegistry({ data, bedOf }, at) {
      for (const { id } of data.devices) {
        const state = stateOf(id);
        const bed = bedOf(id, at);
        if (bed === state.bed) continue;
        state.bed = bed;
        Object.assign(state.at, { live: NEVER, late: NEVER, refused: NEVER });
        tell(id, state, at);
      }
    },
    check(at) {
      for (const [device, state] of states) {
        // A time ahead of the present came before our clock was set back, and must not count until then.
        state.at.live = Math.min(state.at.live, at);
        state.at.late = Math.min(state.at.late, at);
        state.at.refused = Math.min(state.at.refused, at);
        tell(device, state, at);
      }
    },
  };
};
