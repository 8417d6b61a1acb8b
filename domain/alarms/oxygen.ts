import { VITAL_IDS } from '../vitals.ts';
import { isStanding, SPO2 } from './levels.ts';
import { decideLimit, inhibitLimit, trackLimit } from './limits.ts';
import type { AlarmConfig } from './settings.ts';
import type { AlarmState } from './state.ts';
import { touch, type Work } from './work.ts';

/**
 * A high saturation harms a newborn only who is given oxygen: the high limit is off while it is known that none is given,
 * and in force while nobody knows (C10).
 */

export const FIO2 = VITAL_IDS.indexOf('fio2');

/** [?] What an oxygen sensor says of room air, in per cent. */
const ROOM_AIR_FIO2 = 21;

/** Why the high limit of SpO2 is off: what is measured now goes before what was recorded. */
export type HighSpo2Off =
  | { readonly because: 'fio2'; readonly fio2: number }
  | { readonly because: 'room-air'; readonly by: string; readonly at: number };

/** undefined: it is in force. */
export const highSpo2Off = (state: AlarmState, config: AlarmConfig): HighSpo2Off | undefined => {
  if (!config.highSpo2NeedsOxygen || config.vitals.spo2.high === null) return undefined;
  const fio2 = state.vitals[FIO2];
  if (isStanding(fio2) && fio2.value !== null) {
    return fio2.value <= ROOM_AIR_FIO2 ? { because: 'fio2', fio2: fio2.value } : undefined;
  }
  return state.roomAir ? { because: 'room-air', ...state.roomAir } : undefined;
};

/** To be called when anything that decides it may have changed. What is past it by then counts from its reading. */
export const followOxygen = (work: Work, at: number): void => {
  const { state, config } = work;
  const isOff = highSpo2Off(state, config) !== undefined;
  if (isOff === state.isHighSpo2Off) return;
  touch(work);
  state.isHighSpo2Off = isOff;
  const spo2 = work.vitals[SPO2];
  if (!isStanding(spo2)) {
    if (isOff) inhibitLimit(work, SPO2, 'high', at, 'limits-changed');
    return;
  }
  trackLimit(work, SPO2, 'high', at, { time: spo2.time, at }, false, 'limits-changed');
  decideLimit(work, SPO2, 'high', at);
};

export const recordOxygen = (
  work: Work,
  { by, roomAir }: { readonly by: string; readonly roomAir: boolean },
  at: number,
): void => {
  touch(work);
  work.state.roomAir = roomAir ? { by, at } : null;
  followOxygen(work, at);
};
