import { VITAL_IDS } from '../vitals.ts';
import type { AlarmInput } from './alarm.ts';
import { NEVER } from './device-state.ts';
import { VITAL_KINDS } from './kinds/table.ts';
import { regainSignal } from './probes.ts';
import { editVital, ensureVital, type Transition } from './transition.ts';

/**
 * Which of the devices at a bed a vital comes from (H1 to H5). The source is chosen outside the engine
 * (`domain/sources`), and each change of it is an input. A handover keeps what was decided about the vital, and what
 * has begun to count.
 */

/** The first version of the rules by which a bed may have several devices. */
const SEVERAL_DEVICES = 3;

/** Where at the bed the device is; −1: it is not there. By older rules all came from the one device of the bed. */
export const placeOf = ({ state, config }: Transition, device: string | undefined): number => {
  const { devices } = state;
  if (device === undefined || config.rules < SEVERAL_DEVICES || devices[0]?.id === device) return 0;
  return devices.findIndex(({ id }) => id === device);
};

/** Moves the measured times of a vital: they become times by another clock. */
export const stepVital = (transition: Transition, index: number, stepMs: number): void => {
  const vital = editVital(transition, index);
  if (!vital) return;
  vital.time += stepMs;
  if (vital.firstSignAt !== null) vital.firstSignAt += stepMs;
  for (const kind of VITAL_KINDS) kind.stepClock?.(transition, index, stepMs);
};

/** The reading that follows comes from `device`, and was measured at `time` by its clock. */
const handOver = (transition: Transition, index: number, device: string | null, time: number, at: number): void => {
  const vital = editVital(transition, index);
  if (!vital) return;
  vital.source = device;
  vital.sameReadings = 0;
  if (vital.heardAt === NEVER) return;
  // The clocks may differ. What has begun to count goes on as if one clock had measured both, and the reading that follows
  // is newer than all before it.
  const sinceHeardMs = Math.round(at) - Math.floor(vital.heardAt);
  stepVital(transition, index, time - vital.time - Math.max(1, sinceHeardMs));
};

/** Whether a reading of the vital that comes from `device` counts. A vital that nobody measures is taken over. */
export const comesFromSource = (
  transition: Transition,
  index: number,
  device: string | null,
  time: number,
  at: number,
): boolean => {
  const vital = transition.state.vitals[index];
  if (!vital || vital.source === device || transition.config.rules < SEVERAL_DEVICES) return true;
  if (vital.source !== null) return false;
  handOver(transition, index, device, time, at);
  return true;
};

export const changeSource = (
  { vital: id, device, time }: Extract<AlarmInput, { type: 'source' }>,
  transition: Transition,
  at: number,
): void => {
  const index = VITAL_IDS.indexOf(id);
  if (transition.config.rules < SEVERAL_DEVICES || placeOf(transition, device) < 0) return;
  ensureVital(transition, index);
  if (transition.state.vitals[index]?.source !== device) handOver(transition, index, device, time, at);
};

/**
 * The device is taken away: nobody measures its vitals until another device does. Their values grow old as always, and
 * alarms that said that it had lost a signal are over.
 */
export const takeAway = (transition: Transition, device: string | null, at: number): void => {
  for (let index = 0; index < transition.state.vitals.length; index++) {
    if (transition.state.vitals[index]?.source !== device) continue;
    regainSignal(transition, index, at, 'occupancy');
    const vital = editVital(transition, index);
    if (vital) vital.source = null;
  }
};
