import { actionRefusal } from './actions.ts';
import type { Alarm, AlarmAction } from './alarm.ts';
import { beginStandby, endStandby } from './standby.ts';
import { openAlarms } from './state.ts';
import { acknowledgeAlarm, endAlarm, touch, type Work } from './work.ts';

/** What operators do: section 5 of the specification. What is refused changes nothing (E8). */

const actionable =
  <Action extends AlarmAction>(act: (work: Work, action: Action, at: number) => void) =>
  (work: Work, action: Action, at: number): void => {
    const refusal = actionRefusal(action, openAlarms(work.state), work.config);
    if (!refusal) act(work, action, at);
  };

/** Puts what `change` makes of each alarm in its place. */
const changeAlarms = (work: Work, change: (alarm: Alarm) => Alarm | null): void => {
  const { state, vitals } = work;
  for (const [kind, { since, alarm }] of Object.entries(state.plain)) {
    if (!alarm) continue;
    const changed = change(alarm);
    if (changed !== alarm) state.plain = { ...state.plain, [kind]: { since, alarm: changed } };
  }
  for (let index = 0; index < vitals.length; index++) {
    const vital = vitals[index];
    if (!vital) continue;
    const edited = { ...vital };
    for (const side of ['low', 'high'] as const) {
      const track = vital[side];
      if (!track?.alarm) continue;
      const alarm = change(track.alarm);
      const isIdle = alarm === null && !track.isPart && track.since.every((since) => since === null);
      edited[side] = isIdle ? null : { ...track, alarm };
    }
    if (vital.signal) edited.signal = change(vital.signal);
    vitals[index] = edited;
  }
};

const isSame = (
  { what, kind }: { what: string; kind: string | null },
  other: { what: string; kind: string | null },
): boolean => what === other.what && kind === other.kind;

export const actOn: {
  readonly [Type in AlarmAction['type']]: (
    work: Work,
    action: Extract<AlarmAction, { type: Type }>,
    at: number,
  ) => void;
} = {
  acknowledge: actionable((work, { alarm: id, by }, at) => {
    changeAlarms(work, (alarm) => (alarm.id === id ? acknowledgeAlarm(work, at, alarm, by) : alarm));
  }),
  reset: actionable((work, { alarm: id, by }, at) => {
    changeAlarms(work, (alarm) =>
      alarm.state === 'latched' && (id === null || alarm.id === id) ? endAlarm(work, at, alarm, 'reset', by) : alarm,
    );
  }),
  inactivate: actionable((work, { what, kind, until, by }, at) => {
    const { state } = work;
    touch(work);
    if (what === 'standby') beginStandby(work, at, by);
    const covered = openAlarms(state).map(({ id }) => id);
    const inactivation = { what, kind, by, since: at, until, covered: what === 'audio-paused' ? covered : [] };
    state.inactivations = [...state.inactivations.filter((one) => !isSame(one, inactivation)), inactivation];
    work.events.push({ type: 'inactivated', at, inactivation, by });
  }),
  reactivate: actionable((work, action, at) => {
    const { state } = work;
    for (const inactivation of state.inactivations) {
      if (!isSame(inactivation, action)) continue;
      touch(work);
      work.events.push({ type: 'reactivated', at, inactivation, by: action.by });
    }
    const isStandbyOver = action.what === 'standby' && state.inactivations.some((one) => isSame(one, action));
    state.inactivations = state.inactivations.filter((one) => !isSame(one, action));
    if (isStandbyOver) endStandby(work, at);
  }),
};
