import type { Inactivation } from './alarm.ts';
import { endAlarm } from './announce.ts';
import type { AlarmState } from './state.ts';
import { announce, edit, editVital, putTechnical, type Transition } from './transition.ts';
import { deviceSilentAfterMs } from './validity.ts';

/**
 * Standby means that nobody expects data of the bed (E10). Its device is off on purpose, so its silence is no alarm.
 */

/** A person sets standby before unplugging the device: data that still comes within this time does not end it. */
const UNPLUGGING_MS = 120_000;

/** The author of a standby that came with a discharge. */
const BY_DISCHARGE = 'discharge';

export const standbyOf = ({ inactivations }: Pick<AlarmState, 'inactivations'>): Inactivation | undefined =>
  inactivations.find(({ what }) => what === 'standby');

/** Called for every vital after every event, so the usual case of no inactivation is tested first. */
export const isOnStandby = (state: Pick<AlarmState, 'inactivations'>): boolean =>
  state.inactivations.length > 0 && standbyOf(state) !== undefined;

/** Whether data that came before is expected to go on: not during standby, nor while its gateway is lost (D12). */
export const isExpected = (state: Pick<AlarmState, 'inactivations' | 'technical'>): boolean =>
  !isOnStandby(state) && state.technical['gateway-link'].since === null;

/** Ends the alarms that are open for want of data, or of data that changes, because no data is expected any more. */
export const beginStandby = (transition: Transition, at: number, by: string | null): void => {
  const { state } = transition;
  for (const kind of ['device-link', 'device-data', 'device-frozen'] as const) {
    const { since, alarm } = state.technical[kind];
    if (alarm) putTechnical(transition, kind, { since, alarm: endAlarm(transition, at, alarm, 'inhibited', by) });
  }
  for (let index = 0; index < transition.state.vitals.length; index++) {
    if (!transition.state.vitals[index]?.isLost) continue;
    const vital = editVital(transition, index);
    if (!vital) continue;
    vital.isLost = false;
    vital.signal = vital.signal && endAlarm(transition, at, vital.signal, 'inhibited', by);
  }
};

/** From now on all data that is expected has its whole time again. */
export const endStandby = (transition: Transition, at: number): void => {
  const state = edit(transition);
  state.expectedFrom = at;
  state.linkBackAt = at;
};

/** The patient was discharged: the device of the empty bed may be switched off. */
export const standByAfterDischarge = (transition: Transition, at: number): void => {
  const inactivation: Inactivation = {
    what: 'standby',
    kind: null,
    by: BY_DISCHARGE,
    since: at,
    until: null,
    covered: [],
  };
  edit(transition).inactivations = [inactivation];
  announce(transition, { type: 'inactivated', at, inactivation, by: null });
};

/**
 * Ends standby when data comes after a silence or goes on coming, because the bed is then monitored. `heardAt` is when
 * the data before it came.
 */
export const endStandbyByData = (transition: Transition, at: number, heardAt: number | null): void => {
  const { state, config } = transition;
  const standby = standbyOf(state);
  if (!standby) return;
  const wasAway =
    heardAt === null ||
    at - heardAt >= deviceSilentAfterMs(config, state.intervalMs) ||
    state.technical['device-link'].since !== null;
  if (!wasAway && at - standby.since < UNPLUGGING_MS) return;
  edit(transition).inactivations = state.inactivations.filter((one) => one !== standby);
  announce(transition, { type: 'reactivated', at, inactivation: standby, by: null });
  endStandby(transition, at);
};
