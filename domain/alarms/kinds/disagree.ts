import { VITAL_IDS } from '../../vitals.ts';
import type { EndCause, VitalReading } from '../alarm.ts';
import { endAlarm, NO_READING, openAlarm } from '../announce.ts';
import { type DueAct, noteDue } from '../due.ts';
import { hasCurrentValue } from '../levels.ts';
import { COURSE_CONDITIONS, courseKind } from '../names.ts';
import { isUsable } from '../reading-meaning.ts';
import type { AlarmConfig } from '../settings.ts';
import type { DisagreeTrack, VitalState } from '../state.ts';
import { putDisagree, type Transition } from '../transition.ts';
import { followed, IS_CONTINUOUS } from '../validity.ts';
import { DISAGREE_AFTER_MS } from '../vital-settings.ts';
import type { VitalKind } from './kind.ts';
import type { Conditions } from './level.ts';

/**
 * `{vital}-disagree`: another device at the bed measures the vital too, and its values have been farther from those of
 * the source than the settings allow, for as long as they say (C13). The source goes on deciding: the alarm says that
 * one of the two is wrong.
 */

const ID = 'disagree';
const CONDITION = COURSE_CONDITIONS[ID];

export const conditions = {
  'sources-disagree': {
    type: 'technical',
    priority: 'low',
    label: { en: 'sources disagree', zh: '来源不一致' },
    isOfAnyVital: true,
  },
} as const satisfies Conditions;

const trackOf = (vital: VitalState | null | undefined): DisagreeTrack | null => vital?.courses?.disagree ?? null;

/** They agree again, or one of the two has no value. */
const agree = (transition: Transition, index: number, at: number, cause: EndCause): void => {
  const track = trackOf(transition.state.vitals[index]);
  if (!track) return;
  if (track.alarm) endAlarm(transition, at, track.alarm, cause);
  putDisagree(transition, index, null);
};

const decide: DueAct = (transition, at, index) => {
  const id = VITAL_IDS[index];
  const track = trackOf(transition.state.vitals[index]);
  if (!id || !track) return;
  const alarm = openAlarm(transition, at, {
    kind: courseKind(id, ID),
    condition: CONDITION,
    priority: conditions[CONDITION].priority,
    vital: id,
    device: track.device,
    startedAt: track.since,
    evidence: { ...NO_READING, value: track.value, limit: transition.config.vitals[id].disagreeBy ?? null },
  });
  putDisagree(transition, index, { ...track, alarm });
};

const endByAge: DueAct = (transition, at, index) => agree(transition, index, at, 'recovered');

/** For how long the newest value of the other device counts. */
const countsForMs = ({ silentAfterMs }: AlarmConfig, index: number, intervalMs: number | null): number =>
  followed(IS_CONTINUOUS[index] ? silentAfterMs.continuous : silentAfterMs.intermittent, intervalMs);

const isFar = ({ value }: VitalState, { value: other }: VitalReading, by: number): boolean =>
  value !== null && Math.abs(value - other) > by;

export const disagree: VitalKind = {
  idOf: (vital) => courseKind(vital, ID),
  conditions,
  // Nothing is remembered of a vital whose sources agree, which is nearly always so.
  isOn: () => false,
  findDue(due, state, config, vital, index) {
    const track = trackOf(vital);
    const id = VITAL_IDS[index];
    if (!track || !id) return;
    const intervalMs = state.devices.find((device) => device.id === track.device)?.intervalMs ?? null;
    noteDue(due, track.heardAt + countsForMs(config, index, intervalMs), endByAge, index);
    if (track.alarm || vital.source === track.device) return;
    noteDue(due, track.since + (config.vitals[id].disagreeAfterMs ?? DISAGREE_AFTER_MS), decide, index);
  },
  passOver(transition, index, at, reading, device) {
    const { state, config } = transition;
    const id = VITAL_IDS[index];
    const vital = state.vitals[index];
    const by = id ? (config.vitals[id].disagreeBy ?? null) : null;
    if (!vital || by === null || device === null) return;
    const track = trackOf(vital);
    // One device at a time: another that agrees with the source does not put the first one right.
    if (track && track.device !== device) return;
    const isKnown = hasCurrentValue(vital) && isUsable(index, reading.value, reading.quality, state.hasBreathed);
    if (!isKnown || !isFar(vital, reading, by)) {
      if (track) agree(transition, index, at, 'recovered');
      return;
    }
    const { since = at, alarm = null } = track ?? {};
    putDisagree(transition, index, { device, since, heardAt: at, value: reading.value, alarm });
  },
  unwatch: (transition, index, at) => agree(transition, index, at, 'limits-changed'),
  forget(transition, index) {
    const track = trackOf(transition.state.vitals[index]);
    if (track && !track.alarm) putDisagree(transition, index, null);
  },
  alarmOf: (vital) => trackOf(vital)?.alarm ?? null,
  putAlarm(transition, index, alarm) {
    const track = trackOf(transition.state.vitals[index]);
    if (track) putDisagree(transition, index, alarm ? { ...track, alarm } : null);
  },
};
