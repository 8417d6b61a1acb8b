import { VITAL_IDS, vital as vitalOf } from '../vitals.ts';
import type { AlarmInput } from './alarm.ts';
import { decideCurrent } from './current.ts';
import { VITAL_KINDS } from './kinds/table.ts';
import { isWatched } from './levels.ts';
import { followOxygen } from './oxygen.ts';
import { endPausesBefore } from './pauses.ts';
import { stepVital } from './sources.ts';
import { endStandbyByData } from './standby.ts';
import { edit, editDevice, editVital, passingDevice, putConfig, type Transition } from './transition.ts';

/** What events change in the bed as a whole and in its vitals. Each kind reacts for itself. */

type InputOf<Type extends AlarmInput['type']> = Extract<AlarmInput, { type: Type }>;

/** The device sent something new (D2, D4). */
export const hearDevice = (transition: Transition, at: number, place: number): void => {
  const heardAt = transition.state.devices[place]?.heardAt ?? null;
  endStandbyByData(transition, at, place);
  // The first data of a device must survive a restart, so it marks the state dirty.
  const device = heardAt === null ? editDevice(transition, place) : passingDevice(transition, place);
  device.heardAt = at;
};

/**
 * The station started, or its clock was set back (D5, E7). After a clock was set back, what was heard lies in the
 * future: it counts as heard now.
 */
export const resumeBed = (transition: Transition, at: number): void => {
  endPausesBefore(transition, at);
  edit(transition).resumedAt = at;
  for (let place = 0; place < transition.state.devices.length; place++) {
    const device = editDevice(transition, place);
    device.changedAt = Math.min(device.changedAt, at);
    device.linkBackAt = Math.min(device.linkBackAt, at);
    if (device.heardAt !== null) device.heardAt = Math.min(device.heardAt, at);
  }
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
 * Moves the earlier measured times of a device by the step of its clock, so that they are times by the changed clock
 * (A7).
 */
const stepClock = (transition: Transition, place: number, stepMs: number): void => {
  const device = passingDevice(transition, place);
  device.measuredAt += stepMs;
  transition.state.vitals.forEach((vital, index) => {
    if (vital?.source === device.id) stepVital(transition, index, stepMs);
  });
};

export const takeDevice = (
  { clockStepMs, intervalMs }: InputOf<'device'>,
  transition: Transition,
  place: number,
): void => {
  if (clockStepMs !== undefined) stepClock(transition, place, clockStepMs);
  if (intervalMs === undefined || intervalMs === transition.state.devices[place]?.intervalMs) return;
  editDevice(transition, place).intervalMs = intervalMs;
};
