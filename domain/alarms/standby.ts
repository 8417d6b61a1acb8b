import type { Inactivation } from './alarm.ts';
import { deviceSilentAfterMs } from './standing.ts';
import type { AlarmState } from './state.ts';
import { editVital, endAlarm, touch, type Work } from './work.ts';

/** Standby: nobody expects data of the bed (E10). Its device is off on purpose, and that is no alarm. */

/** A person sets standby before unplugging: what still comes so soon does not end it. */
const UNPLUGGING_MS = 120_000;

/** Who set a standby that came with a discharge. */
const BY_DISCHARGE = 'discharge';

export const standbyOf = ({ inactivations }: Pick<AlarmState, 'inactivations'>): Inactivation | undefined =>
  inactivations.find(({ what }) => what === 'standby');

export const isExpected = (state: Pick<AlarmState, 'inactivations'>): boolean => standbyOf(state) === undefined;

/** What is open for want of data ends, for none is expected any more. */
export const beginStandby = (work: Work, at: number, by: string | null): void => {
  const { state } = work;
  for (const kind of ['device-link', 'device-data'] as const) {
    const { since, alarm } = state.plain[kind];
    if (!alarm) continue;
    state.plain = { ...state.plain, [kind]: { since, alarm: endAlarm(work, at, alarm, 'inhibited', by) } };
  }
  for (let index = 0; index < work.vitals.length; index++) {
    if (!work.vitals[index]?.isLost) continue;
    const vital = editVital(work, index);
    if (!vital) continue;
    vital.isLost = false;
    vital.signal = vital.signal && endAlarm(work, at, vital.signal, 'inhibited', by);
  }
};

/** From now on everything that is expected has its whole time again. */
export const endStandby = (work: Work, at: number): void => {
  work.state.expectedFrom = at;
  work.state.linkBackAt = at;
};

/** The patient was discharged: the device of the empty bed may be switched off. */
export const standByAfterDischarge = (work: Work, at: number): void => {
  const inactivation: Inactivation = {
    what: 'standby',
    kind: null,
    by: BY_DISCHARGE,
    since: at,
    until: null,
    covered: [],
  };
  work.state.inactivations = [inactivation];
  work.events.push({ type: 'inactivated', at, inactivation, by: null });
};

/** Data that comes after a silence, or goes on coming, says that the bed is monitored. `heardAt`: what came before it. */
export const endStandbyByData = (work: Work, at: number, heardAt: number | null): void => {
  const { state, config } = work;
  const standby = standbyOf(state);
  if (!standby) return;
  const wasAway =
    heardAt === null ||
    at - heardAt >= deviceSilentAfterMs(config, state.intervalMs) ||
    state.plain['device-link'].since !== null;
  if (!wasAway && at - standby.since < UNPLUGGING_MS) return;
  touch(work);
  state.inactivations = state.inactivations.filter((one) => one !== standby);
  work.events.push({ type: 'reactivated', at, inactivation: standby, by: null });
  endStandby(work, at);
};
