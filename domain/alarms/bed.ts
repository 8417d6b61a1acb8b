import { VITAL_IDS, vital as vitalOf } from '../vitals.ts';
import type { AlarmInput } from './alarm.ts';
import { decideCurrent } from './current.ts';
import { VITAL_KINDS } from './kinds/table.ts';
import { isWatched } from './levels.ts';
import { followOxygen } from './oxygen.ts';
import { endPausesBefore } from './pauses.ts';
import { endStandbyByData } from './standby.ts';
import { edit, editVital, passing, putConfig, type Transition } from './transition.ts';

/** What events change in the bed as a whole and in its vitals. Each kind reacts for itself. */

type InputOf<Type extends AlarmInput['type']> = Extract<AlarmInput, { type: Type }>;

/** The device sent something new (D2, D4). */
export const hearDevice = (transition: Transition, at: number): void => {
  const { heardAt } = transition.state;
  // The first data of a bed must survive a restart, so it marks the state dirty.
  const state = heardAt === null ? edit(transition) : passing(transition);
  endStandbyByData(transition, at, heardAt);
  state.heardAt = at;
};

/**
 * The station started, or its clock was set back (D5, E7). After a clock was set back, what was heard lies in the
 * future: it counts as heard now.
 */
export const resumeBed = (transition: Transition, at: number): void => {
  endPausesBefore(transition, at);
  const state = edit(transition);
  state.resumedAt = at;
  state.changedAt = Math.min(state.changedAt, at);
  state.linkBackAt = Math.min(state.linkBackAt, at);
  if (state.heardAt !== null) state.heardAt = Math.min(state.heardAt, at);
};

export const resumeVitals = (transition: Transition, at: number): void => {
  for (let index = 0; index < transition.state.vitals.length; index++) {
    const vital = editVital(transition, index);
    if (!vital) continue;
    vital.heardAt = Math.min(vital.heardAt, at);
    vital.noValueSince = null;
    vital.poorSince = null;
    vital.unusableSince = null;
    vital.sameReadings = 0;
    for (const { forget } of VITAL_KINDS) forget?.(transition, index);
  }
  // Intermittent vitals are decided again at once, because the next reading of a cuff may be an hour away.
  decideCurrent(transition, at, (index) => {
    const id = VITAL_IDS[index];
    return id && vitalOf(id).measured === 'intermittent' ? at : undefined;
  });
};

/** Puts other settings in force, and decides the current values again (C7). */
export const configure = ({ config }: InputOf<'configured'>, transition: Transition, at: number): void => {
  putConfig(transition, config);
  const { state } = transition;
  const { resumedAt } = state;
  followOxygen(transition, at);
  for (let index = 0; index < state.vitals.length; index++) {
    if (!state.vitals[index] || isWatched(index, config)) continue;
    for (const { unwatch } of VITAL_KINDS) unwatch?.(transition, index, at);
  }
  decideCurrent(transition, at, (index) => {
    const id = VITAL_IDS[index];
    const vital = state.vitals[index];
    if (!id || !vital || !isWatched(index, config)) return undefined;
    // D5: a continuous vital that was not heard since the station started waits for its next reading.
    const isHeard = vital.heardAt > resumedAt || vitalOf(id).measured === 'intermittent';
    return isHeard ? Math.max(vital.heardAt, resumedAt) : undefined;
  });
};

/**
 * Moves the earlier measured times by the step of the device's clock, so that they are times by the changed clock (A7).
 */
const stepClock = (transition: Transition, stepMs: number): void => {
  for (let index = 0; index < transition.state.vitals.length; index++) {
    const vital = editVital(transition, index);
    if (!vital) continue;
    vital.time += stepMs;
    if (vital.firstSignAt !== null) vital.firstSignAt += stepMs;
    for (const kind of VITAL_KINDS) kind.stepClock?.(transition, index, stepMs);
  }
};

export const takeDevice = ({ clockStepMs, intervalMs }: InputOf<'device'>, transition: Transition): void => {
  if (clockStepMs !== undefined) stepClock(transition, clockStepMs);
  if (intervalMs !== undefined && intervalMs !== transition.state.intervalMs) edit(transition).intervalMs = intervalMs;
};
