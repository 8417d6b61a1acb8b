import type { Handlers } from '../dispatch.ts';
import { actionRefusal } from './actions.ts';
import type { Alarm, AlarmAction } from './alarm.ts';
import { acknowledgeAlarm, endAlarm } from './announce.ts';
import { VITAL_KINDS } from './kinds/table.ts';
import { TECHNICAL_KIND_IDS } from './names.ts';
import { beginStandby, endStandby } from './standby.ts';
import { openAlarms } from './state.ts';
import { announce, edit, putTechnical, type Transition, trackOf } from './transition.ts';

/** The actions of operators: section 5 of the specification. A refused action changes nothing (E8). */

const actionable =
  <Action extends AlarmAction>(act: (transition: Transition, action: Action, at: number) => void) =>
  (action: Action, transition: Transition, at: number): void => {
    const refusal = actionRefusal(action, openAlarms(transition.state), transition.config);
    if (!refusal) act(transition, action, at);
  };

/** Replaces each alarm by what `change` makes of it. */
const changeAlarms = (transition: Transition, change: (alarm: Alarm) => Alarm | null): void => {
  for (let place = 0; place < transition.state.devices.length; place++) {
    for (const kind of TECHNICAL_KIND_IDS) {
      const { since, alarm } = trackOf(transition, place, kind);
      const changed = alarm && change(alarm);
      if (changed !== alarm) putTechnical(transition, place, kind, { since, alarm: changed });
    }
  }
  const { gateways } = transition.state;
  const changedTracks = gateways.map((track) => ({ ...track, alarm: track.alarm && change(track.alarm) }));
  if (changedTracks.some(({ alarm }, place) => alarm !== gateways[place]?.alarm)) {
    edit(transition).gateways = changedTracks;
  }
  transition.state.vitals.forEach((_vital, index) => {
    for (const { alarmOf, putAlarm } of VITAL_KINDS) {
      const vital = transition.state.vitals[index];
      const alarm = vital ? alarmOf(vital) : null;
      const changed = alarm && change(alarm);
      if (changed !== alarm) putAlarm(transition, index, changed);
    }
  });
};

const isSame = (
  { what, kind }: { what: string; kind: string | null },
  other: { what: string; kind: string | null },
): boolean => what === other.what && kind === other.kind;

export const actOn: Handlers<AlarmAction, [transition: Transition, at: number]> = {
  acknowledge: actionable((transition, { alarm: id, by }, at) => {
    changeAlarms(transition, (alarm) => (alarm.id === id ? acknowledgeAlarm(transition, at, alarm, by) : alarm));
  }),
  reset: actionable((transition, { alarm: id, by }, at) => {
    changeAlarms(transition, (alarm) =>
      alarm.state === 'latched' && (id === null || alarm.id === id)
        ? endAlarm(transition, at, alarm, 'reset', by)
        : alarm,
    );
  }),
  inactivate: actionable((transition, { what, kind, until, by }, at) => {
    const { state } = transition;
    if (what === 'standby') beginStandby(transition, at, by);
    const covered = openAlarms(state).map(({ id }) => id);
    const inactivation = { what, kind, by, since: at, until, covered: what === 'audio-paused' ? covered : [] };
    edit(transition).inactivations = [...state.inactivations.filter((one) => !isSame(one, inactivation)), inactivation];
    announce(transition, { type: 'inactivated', at, inactivation, by });
  }),
  reactivate: actionable((transition, action, at) => {
    const { state } = transition;
    const over = state.inactivations.filter((one) => isSame(one, action));
    if (over.length === 0) return;
    for (const inactivation of over) announce(transition, { type: 'reactivated', at, inactivation, by: action.by });
    edit(transition).inactivations = state.inactivations.filter((one) => !isSame(one, action));
    if (action.what === 'standby') endStandby(transition, at);
  }),
};
