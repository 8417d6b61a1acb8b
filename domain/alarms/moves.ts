import type { Alarm, AlarmInput } from './alarm.ts';
import { announceAlarm, endAlarm, latchAlarm } from './announce.ts';
import { condition } from './conditions.ts';
import { LIMIT_KINDS } from './limit-kinds.ts';
import { SIDES } from './names.ts';
import { highSpo2Off } from './oxygen.ts';
import { standByAfterDischarge } from './standby.ts';
import { type AlarmState, IDLE_TRACKS, openAlarms } from './state.ts';
import {
  announce,
  edit,
  ensureVital,
  forgetVitals,
  passing,
  putConfig,
  putTechnicalTracks,
  putTrack,
  type Transition,
} from './transition.ts';

/** What happens when another patient or device comes, and when a patient moves to another bed (D6, D7). */

type Occupied = Extract<AlarmInput, { type: 'occupied' }>;

const isUnanswered = (alarm: Alarm): boolean =>
  alarm.priority === 'high' && alarm.acknowledged === null && condition(alarm.condition).type === 'physiological';

/** The alarms that a patient takes along to another bed: those of high priority that nobody has answered. */
export const alarmsToCarry = (state: AlarmState): Alarm[] =>
  openAlarms(state)
    .filter(isUnanswered)
    .map((alarm) => ({ ...alarm, state: 'latched' as const }));

const place = (transition: Transition, alarm: Alarm): void => {
  const index = LIMIT_KINDS.findIndex((kinds) => SIDES.some((side) => kinds[side].id === alarm.kind));
  const side = SIDES.find((one) => LIMIT_KINDS[index]?.[one].id === alarm.kind);
  const levels = side && LIMIT_KINDS[index]?.[side].levels;
  if (!side || !levels) return;
  ensureVital(transition, index);
  putTrack(transition, index, side, { since: levels.map(() => null), alarm, isPart: false });
};

/** What becomes of an alarm when the patient or the device changes. */
const leave = (transition: Transition, at: number, alarm: Alarm, isSamePatient: boolean): Alarm | null => {
  if (transition.config.rules >= 2 && isSamePatient && isUnanswered(alarm)) {
    return alarm.state === 'latched' ? alarm : latchAlarm(transition, at, alarm, 'occupancy');
  }
  return endAlarm(transition, at, alarm, 'occupancy');
};

/**
 * Forgets what is known of the patient and of the device, as far as they have changed. By the first version of the
 * rules another device counts as another patient.
 */
const forgetPatient = (transition: Transition, { device, encounter, config }: Occupied): void => {
  const state = edit(transition);
  if (device !== state.device) state.intervalMs = null;
  if (encounter === state.encounter && config.rules >= 2) return;
  state.hasBeaten = false;
  state.hasBreathed = false;
  state.roomAir = null;
};

/** Begins anew with the present patient and device, of which nothing was heard yet. */
const beginStay = (transition: Transition, { device, encounter, config }: Occupied, at: number): void => {
  forgetVitals(transition);
  putTechnicalTracks(transition, IDLE_TRACKS);
  const state = edit(transition);
  state.inactivations = [];
  state.device = device;
  state.encounter = encounter;
  state.expectedFrom = at;
  passing(transition).heardAt = null;
  passing(transition).missing = 0;
  state.isHighSpo2Off = highSpo2Off(transition.state, config) !== undefined;
};

export const occupy = (event: Occupied, transition: Transition, at: number): void => {
  const { state } = transition;
  const isSamePatient = event.encounter !== null && event.encounter === state.encounter;
  const isDischarge = event.encounter === null && state.encounter !== null && event.device !== null;
  putConfig(transition, event.config);
  forgetPatient(transition, event);
  const kept = openAlarms(state).flatMap((alarm) => leave(transition, at, alarm, isSamePatient) ?? []);
  for (const inactivation of state.inactivations)
    announce(transition, { type: 'reactivated', at, inactivation, by: null });
  beginStay(transition, event, at);
  for (const alarm of kept) place(transition, alarm);
  for (const alarm of event.carried ?? []) {
    place(transition, alarm);
    announceAlarm(transition, 'moved-in', at, alarm, { by: null, cause: 'occupancy' });
  }
  if (isDischarge && event.config.rules >= 2) standByAfterDischarge(transition, at);
};
