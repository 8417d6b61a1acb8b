import type { Inactivation } from './alarm.ts';
import { endAlarm } from './announce.ts';
import type { DeviceState } from './device-state.ts';
import type { AlarmState } from './state.ts';
import { announce, edit, editDevice, editVital, putTechnical, type Transition, trackOf } from './transition.ts';
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

/**
 * Whether data of a device that came before is expected to go on: not during standby, nor while its gateway is lost
 * (D12). `device` undefined: it was taken away.
 */
export const isExpected = (state: Pick<AlarmState, 'inactivations'>, device: DeviceState | undefined): boolean =>
  !isOnStandby(state) && (device === undefined || device.technical['gateway-link'].since === null);

/** Ends the alarms that are open for want of data, or of data that changes, because no data is expected any more. */
export const beginStandby = (transition: Transition, at: number, by: string | null): void => {
  for (let place = 0; place < transition.state.devices.length; place++) {
    for (const kind of ['device-link', 'device-data', 'device-frozen'] as const) {
      const { since, alarm } = trackOf(transition, place, kind);
      if (alarm)
        putTechnical(transition, place, kind, { since, alarm: endAlarm(transition, at, alarm, 'inhibited', by) });
    }
  }
  for (let index = 0; index < transition.state.vitals.length; index++) {
    if (!transition.state.vitals[index]?.isLost) continue;
    const vital = editVital(transition, index);
    if (!vital) continue;
    vital.isLost = false;
    vital.signal = vital.signal && endAlarm(transition, at, vital.signal, 'inhibited', by);
  }
};

/** From now on all data of the device that is expected has its whole time again. */
export const expectAnew = (transition: Transition, at: number, place: number): void => {
  const device = editDevice(transition, place);
  device.expectedFrom = at;
  device.linkBackAt = at;
};

export const endStandby = (transition: Transition, at: number): void => {
  for (let place = 0; place < transition.state.devices.length; place++) expectAnew(transition, at, place);
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
 * Ends standby when data comes after a silence or goes on coming, because the bed is then monitored. To be called
 * before it is noted that the device was heard.
 */
export const endStandbyByData = (transition: Transition, at: number, place: number): void => {
  const { state, config } = transition;
  const standby = standbyOf(state);
  const device = state.devices[place];
  if (!standby || !device) return;
  const wasAway =
    device.heardAt === null ||
    at - device.heardAt >= deviceSilentAfterMs(config, device.intervalMs) ||
    device.technical['device-link'].since !== null;
  if (!wasAway && at - standby.since < UNPLUGGING_MS) return;
  edit(transition).inactivations = state.inactivations.filter((one) => one !== standby);
  announce(transition, { type: 'reactivated', at, inactivation: standby, by: null });
  endStandby(transition, at);
};
