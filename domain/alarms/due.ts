import { isSpot, unheardAfterMs } from '../interval.ts';
import { LIMIT_KINDS, PLAIN_KINDS, type PlainKind, type Side } from './conditions.ts';
import { holderOf, isNews } from './joint.ts';
import { decidedAt, isWatched, waitOf } from './levels.ts';
import { SIDES } from './limits.ts';
import { plainDelayMs } from './plain.ts';
import type { AlarmConfig } from './settings.ts';
import { isExpected } from './standby.ts';
import { deviceSilentAfterMs, followed, IS_CONTINUOUS } from './standing.ts';
import { type AlarmState, type LimitTrack, NEVER as NEVER_HEARD, type VitalState } from './state.ts';

/** What happens next if nothing but time passes. */

export type DueKind =
  | 'inactivation'
  | PlainKind
  | 'low'
  | 'high'
  | 'stale'
  | 'no-value'
  | 'sensor-off'
  | 'signal-poor'
  | 'no-data';

/** `index`: the inactivation's or the vital's place; 0 where there is only one. `at` is Infinity when nothing is. */
export type Due = { at: number; kind: DueKind; index: number };

const NEVER = Number.POSITIVE_INFINITY;

/** Of things due at the same moment the first seen is the first to happen. */
const note = (due: Due, at: number, kind: DueKind, index: number): void => {
  if (at >= due.at) return;
  due.at = at;
  due.kind = kind;
  due.index = index;
};

const noteLimit = (
  due: Due,
  state: AlarmState,
  vital: VitalState,
  index: number,
  side: Side,
  config: AlarmConfig,
): void => {
  const track = vital[side];
  const kind = LIMIT_KINDS[index]?.[side];
  if (!track || !kind) return;
  const alarm = state.vitals[holderOf(state, config, index, side)]?.[side]?.alarm ?? null;
  const isJoining = alarm?.state === 'active' && !track.isPart;
  for (let place = 0; place < kind.levels.length; place++) {
    const since = track.since[place];
    const level = kind.levels[place];
    if (!since || !level || (alarm && !isJoining && !isNews(alarm, level))) continue;
    const at = decidedAt(since, waitOf(state, config, index, side, level), vital);
    if (at !== undefined) note(due, at, side, index);
  }
};

/** Something counts, or holds an alarm. */
const isGoing = (track: LimitTrack | null): boolean =>
  track !== null && (track.isPart || track.since.some((since) => since !== null));

const noteVital = (
  due: Due,
  state: AlarmState,
  vital: VitalState,
  index: number,
  config: AlarmConfig,
  expected: boolean,
  standMs: number,
): void => {
  const isLinked = state.plain['device-link'].alarm === null;
  if (vital.isUsable && !vital.isStale) {
    for (const side of SIDES) noteLimit(due, state, vital, index, side, config);
  }
  const heardAt = Math.max(vital.heardAt, state.resumedAt);
  if (!vital.isStale) note(due, heardAt + standMs, 'stale', index);
  if (vital.isLost) {
    const { unusableSince, low, high } = vital;
    const isInhibitable = unusableSince !== null && (isGoing(low) || isGoing(high));
    if (isInhibitable) note(due, unusableSince + config.sensorOffDelayMs, 'no-value', index);
    return;
  }
  if (!expected || !isWatched(index, config)) return;
  if (vital.noValueSince !== null) note(due, vital.noValueSince + config.sensorOffDelayMs, 'sensor-off', index);
  if (vital.poorSince !== null) note(due, vital.poorSince + config.signalPoorDelayMs, 'signal-poor', index);
  if (isLinked && vital.heardAt !== NEVER_HEARD) {
    note(due, Math.max(heardAt, state.linkBackAt) + standMs, 'no-data', index);
  }
};

const noteLink = (due: Due, state: AlarmState, config: AlarmConfig): void => {
  const { since, alarm } = state.plain['device-link'];
  if (alarm || state.heardAt === null) return;
  const heardAt = Math.max(state.heardAt, state.resumedAt, state.expectedFrom);
  note(due, heardAt + deviceSilentAfterMs(config, state.intervalMs), 'device-link', 0);
  // Who sends seldom may well end its connection in between.
  if (since === null || isSpot(state.intervalMs)) return;
  note(due, Math.max(since, state.expectedFrom) + config.deviceOfflineDelayMs, 'device-link', 0);
};

/** D8: a device is here, and nothing was ever heard of it. */
const noteData = (due: Due, state: AlarmState, config: AlarmConfig): void => {
  const { device, heardAt, resumedAt, expectedFrom, intervalMs, plain } = state;
  if (config.rules < 2 || device === null || heardAt !== null || plain['device-data'].alarm) return;
  const delayMs = Math.max(config.notMonitoredAfterMs, unheardAfterMs(intervalMs));
  note(due, Math.max(resumedAt, expectedFrom) + delayMs, 'device-data', 0);
};

/** Fills `due`, which is given so that none is made for every message. */
export const findDue = (state: AlarmState, config: AlarmConfig, due: Due): void => {
  due.at = NEVER;
  for (let index = 0; index < state.inactivations.length; index++) {
    note(due, state.inactivations[index]?.until ?? NEVER, 'inactivation', index);
  }
  const expected = isExpected(state);
  for (const kind of PLAIN_KINDS) {
    if (kind === 'device-link') {
      if (expected) noteLink(due, state, config);
    } else if (kind === 'device-data') {
      if (expected) noteData(due, state, config);
    } else {
      const { since, alarm } = state.plain[kind];
      if (since !== null && !alarm) note(due, since + plainDelayMs[kind](config), kind, 0);
    }
  }
  const continuousMs = followed(config.silentAfterMs.continuous, state.intervalMs);
  const intermittentMs = followed(config.silentAfterMs.intermittent, state.intervalMs);
  for (let index = 0; index < state.vitals.length; index++) {
    const vital = state.vitals[index];
    const standMs = IS_CONTINUOUS[index] ? continuousMs : intermittentMs;
    if (vital) noteVital(due, state, vital, index, config, expected, standMs);
  }
  // Settings that make a time shorter make things due at once, not before the settings were.
  due.at = Math.max(due.at, state.at);
};
