import { VITAL_IDS } from '../vitals.ts';
import { hasCurrentValue, SPO2 } from './levels.ts';
import { decideLimit, inhibitLimit, trackLimit } from './limits.ts';
import type { AlarmConfig } from './settings.ts';
import type { AlarmState } from './state.ts';
import { edit, type Transition } from './transition.ts';

/**
 * A high saturation harms only a newborn who is given oxygen. So the high limit is off while it is known that no oxygen
 * is given, and in force while that is unknown (C10).
 */

export const FIO2 = VITAL_IDS.indexOf('fio2');

/** [?] The most that an oxygen sensor shows in room air, in per cent. */
const ROOM_AIR_FIO2 = 21;

/** Why the high limit of SpO2 is off. A current measurement counts before what a person recorded. */
export type HighSpo2Off =
  | { readonly because: 'fio2'; readonly fio2: number }
  | { readonly because: 'room-air'; readonly by: string; readonly at: number };

/** Undefined: nothing switches the limit off. */
export const highSpo2Off = (state: AlarmState, config: AlarmConfig): HighSpo2Off | undefined => {
  if (!config.highSpo2NeedsOxygen || config.vitals.spo2.high === null) return undefined;
  const fio2 = state.vitals[FIO2];
  if (hasCurrentValue(fio2) && fio2.value !== null) {
    return fio2.value <= ROOM_AIR_FIO2 ? { because: 'fio2', fio2: fio2.value } : undefined;
  }
  return state.roomAir ? { because: 'room-air', ...state.roomAir } : undefined;
};

/**
 * Switches the limit off, or on again. To be called when anything that decides this may have changed. A value that is
 * past the limit when it is in force again counts from its reading.
 */
export const followOxygen = (transition: Transition, at: number): void => {
  const { state, config } = transition;
  const isOff = highSpo2Off(state, config) !== undefined;
  if (isOff === state.isHighSpo2Off) return;
  edit(transition).isHighSpo2Off = isOff;
  const spo2 = transition.state.vitals[SPO2];
  if (!hasCurrentValue(spo2)) {
    if (isOff) inhibitLimit(transition, SPO2, 'high', at, 'limits-changed');
    return;
  }
  trackLimit(transition, SPO2, 'high', at, { time: spo2.time, at }, false, 'limits-changed');
  decideLimit(transition, SPO2, 'high', at);
};

export const recordOxygen = (
  { by, roomAir }: { readonly by: string; readonly roomAir: boolean },
  transition: Transition,
  at: number,
): void => {
  edit(transition).roomAir = roomAir ? { by, at } : null;
  followOxygen(transition, at);
};
