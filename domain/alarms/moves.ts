import { VITAL_IDS } from '../vitals.ts';
import type { Alarm, AlarmInput } from './alarm.ts';
import { announceAlarm, endAlarm, latchAlarm } from './announce.ts';
import { condition } from './conditions.ts';
import { unheardDevice } from './device-state.ts';
import { VITAL_KINDS } from './kinds/table.ts';
import { LIMIT_KINDS } from './limit-kinds.ts';
import { SIDES } from './names.ts';
import { highSpo2Off } from './oxygen.ts';
import { takeAway } from './sources.ts';
import { standByAfterDischarge } from './standby.ts';
import { type AlarmState, openAlarms } from './state.ts';
import {
  announce,
  edit,
  ensureVital,
  forgetVitals,
  putConfig,
  putDevices,
  putTrack,
  type Transition,
} from './transition.ts';

/** What happens when another patient or other devices come, and when a patient moves to another bed (D6, D7). */

type Occupied = Extract<AlarmInput, { type: 'occupied' }>;

const isUnanswered = (alarm: Alarm): boolean =>
  alarm.priority === 'high' && alarm.acknowledged === null && condition(alarm.condition).type === 'physiological';

/** The alarms that a patient takes along to another bed: those of high priority that nobody has answered. */
export const alarmsToCarry = (state: AlarmState): Alarm[] =>
  openAlarms(state)
    .filter(isUnanswered)
    .map((alarm) => ({ ...alarm, state: 'latched' as const }));

/** An alarm of a limit is kept with the vital of its side; any other by its own kind. */
const place = (transition: Transition, alarm: Alarm): void => {
  const index = LIMIT_KINDS.findIndex((kinds) => SIDES.some((side) => kinds[side].id === alarm.kind));
  const side = SIDES.find((one) => LIMIT_KINDS[index]?.[one].id === alarm.kind);
  const levels = side && LIMIT_KINDS[index]?.[side].levels;
  if (!side || !levels) {
    placeByKind(transition, alarm);
    return;
  }
  ensureVital(transition, index);
  putTrack(transition, index, side, { since: levels.map(() => null), alarm, isPart: false });
};

const placeByKind = (transition: Transition, alarm: Alarm): void => {
  for (const [index, id] of VITAL_IDS.entries()) {
    const kind = VITAL_KINDS.find(({ idOf }) => idOf(id) === alarm.kind);
    if (!kind) continue;
    ensureVital(transition, index);
    kind.putAlarm(transition, index, alarm);
  }
};

/** What becomes of an alarm when the patient changes, or by older rules the device. */
const leave = (transition: Transition, at: number, alarm: Alarm, isSamePatient: boolean): Alarm | null => {
  if (transition.config.rules >= 2 && isSamePatient && isUnanswered(alarm)) {
    return alarm.state === 'latched' ? alarm : latchAlarm(transition, at, alarm, 'occupancy');
  }
  return endAlarm(transition, at, alarm, 'occupancy');
};

/** Forgets what is known of the patient. By the first version of the rules another device counts as another patient. */
const forgetPatient = (transition: Transition, { encounter, config }: Occupied): void => {
  const state = edit(transition);
  if (encounter === state.encounter && config.rules >= 2) return;
  state.hasBeaten = false;
  state.hasBreathed = false;
  state.hasPulsed = false;
  state.roomAir = null;
};

const devicesOf = ({ device, others = [] }: Occupied): readonly (string | null)[] => [device, ...others];

/** Begins anew with the present patient and devices, of which nothing was heard yet. */
const beginStay = (transition: Transition, event: Occupied, at: number): void => {
  const known = transition.state.devices;
  forgetVitals(transition);
  putDevices(
    transition,
    devicesOf(event).map((id) => ({
      ...unheardDevice(id, at),
      intervalMs: known.find((device) => device.id === id)?.intervalMs ?? null,
    })),
  );
  const state = edit(transition);
  state.inactivations = [];
  state.encounter = event.encounter;
  state.isHighSpo2Off = highSpo2Off(transition.state, event.config) !== undefined;
};

/** Other devices are with the same patient: what was decided and what has begun to count goes on (D6). */
const changeDevices = (transition: Transition, event: Occupied, at: number): void => {
  const known = transition.state.devices;
  const ids = devicesOf(event);
  for (const { id, technical } of known) {
    if (ids.includes(id)) continue;
    for (const { alarm } of Object.values(technical)) if (alarm) endAlarm(transition, at, alarm, 'occupancy');
    takeAway(transition, id, at);
  }
  putDevices(
    transition,
    ids.map((id) => known.find((device) => device.id === id) ?? unheardDevice(id, at)),
  );
};

/**
 * Whether nobody else came: only devices came or went. Where no patient is admitted nobody knows whose a wholly other
 * set of devices is, so it counts as another patient.
 */
const isSameStay = ({ devices, encounter }: AlarmState, event: Occupied): boolean => {
  if (event.config.rules < 3 || event.encounter !== encounter) return false;
  return encounter !== null || devicesOf(event).some((id) => id !== null && devices.some((one) => one.id === id));
};

export const occupy = (event: Occupied, transition: Transition, at: number): void => {
  const { state } = transition;
  const isSamePatient = event.encounter !== null && event.encounter === state.encounter;
  const isDischarge = event.encounter === null && state.encounter !== null && event.device !== null;
  putConfig(transition, event.config);
  if (isSameStay(state, event)) {
    changeDevices(transition, event, at);
    return;
  }
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
