import type { Alarm, AlarmInput } from './alarm.ts';
import { condition, LIMIT_KINDS } from './conditions.ts';
import { SIDES } from './limits.ts';
import { highSpo2Off } from './oxygen.ts';
import { standByAfterDischarge } from './standby.ts';
import { type AlarmState, IDLE_TRACKS, openAlarms, UNHEARD_VITAL } from './state.ts';
import { endAlarm, tellAlarm, touch, type Work } from './work.ts';

/** Another patient, another device, and patients who move (D6, D7). */

type Occupied = Extract<AlarmInput, { type: 'occupied' }>;

const isUnanswered = (alarm: Alarm): boolean =>
  alarm.priority === 'high' && alarm.acknowledged === null && condition(alarm.condition).type === 'physiological';

/** What a patient who leaves this bed takes along: alarms of high priority that nobody has answered. */
export const alarmsToCarry = (state: AlarmState): Alarm[] =>
  openAlarms(state)
    .filter(isUnanswered)
    .map((alarm) => ({ ...alarm, state: 'latched' as const }));

const place = ({ vitals }: Work, alarm: Alarm): void => {
  const index = LIMIT_KINDS.findIndex((kinds) => SIDES.some((side) => kinds[side].id === alarm.kind));
  const side = SIDES.find((one) => LIMIT_KINDS[index]?.[one].id === alarm.kind);
  const levels = side && LIMIT_KINDS[index]?.[side].levels;
  if (!side || !levels) return;
  vitals[index] = {
    ...(vitals[index] ?? UNHEARD_VITAL),
    [side]: { since: levels.map(() => null), alarm, isPart: false },
  };
};

/** What becomes of an alarm when the patient or the device changes. */
const leave = (work: Work, at: number, alarm: Alarm, isSamePatient: boolean): Alarm | null => {
  if (work.config.rules >= 2 && isSamePatient && isUnanswered(alarm)) {
    if (alarm.state === 'latched') return alarm;
    const latched: Alarm = { ...alarm, state: 'latched' };
    tellAlarm(work, 'latched', at, latched, { by: null, cause: 'occupancy' });
    return latched;
  }
  return endAlarm(work, at, alarm, 'occupancy');
};

/** What is known of the patient and the device, as far as they are others now. By the first rules a device is like a patient. */
const forgetPatient = ({ state }: Work, { device, encounter, config }: Occupied): void => {
  if (device !== state.device) state.intervalMs = null;
  if (encounter === state.encounter && config.rules >= 2) return;
  state.hasBeaten = false;
  state.hasBreathed = false;
  state.roomAir = null;
};

export const occupy = (work: Work, event: Occupied, at: number): void => {
  const { state, events } = work;
  touch(work);
  const isSamePatient = event.encounter !== null && event.encounter === state.encounter;
  const isDischarge = event.encounter === null && state.encounter !== null && event.device !== null;
  work.config = event.config;
  forgetPatient(work, event);
  const kept = openAlarms(state).flatMap((alarm) => leave(work, at, alarm, isSamePatient) ?? []);
  for (const inactivation of state.inactivations) events.push({ type: 'reactivated', at, inactivation, by: null });
  work.vitals.fill(null);
  state.plain = IDLE_TRACKS;
  state.inactivations = [];
  state.device = event.device;
  state.encounter = event.encounter;
  state.heardAt = null;
  state.expectedFrom = at;
  state.missing = 0;
  state.isHighSpo2Off = highSpo2Off(state, event.config) !== undefined;
  for (const alarm of kept) place(work, alarm);
  for (const alarm of event.carried ?? []) {
    place(work, alarm);
    tellAlarm(work, 'moved-in', at, alarm, { by: null, cause: 'occupancy' });
  }
  if (isDischarge && event.config.rules >= 2) standByAfterDischarge(work, at);
};
