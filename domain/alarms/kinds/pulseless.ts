import type { Alarm, EndCause } from '../alarm.ts';
import { openAlarm, raiseAlarm, settleAlarm } from '../announce.ts';
import { type DueAct, noteDue } from '../due.ts';
import { HEART, hasCurrentValue, PULSE } from '../levels.ts';
import { COURSE_CONDITIONS, courseKind, hasCourseKind } from '../names.ts';
import { pulsePressure } from '../pulsation.ts';
import type { AlarmConfig } from '../settings.ts';
import type { AlarmState, PulselessTrack, VitalState } from '../state.ts';
import { edit, putPulseless, type Transition } from '../transition.ts';
import { NO_PULSE_DELAY_MS } from '../vital-settings.ts';
import type { VitalKind } from './kind.ts';
import type { Conditions } from './level.ts';

/**
 * `heart-rate-pulseless`: the ECG goes on, and both probes that had found a pulse have lost it: the arterial line is flat,
 * and the oximeter finds none (B7). A heart that beats on the ECG and moves no blood needs a person at once.
 */

const ID = 'pulseless';
const CONDITION = COURSE_CONDITIONS[ID];

/** [?] Less than this between systole and diastole is flat; a ventilator alone can make as much. */
const FLAT_MMHG = 10;

/**
 * [?] So much between systole and diastole, beside a pulse of the oximeter, shows that both find the pulse of this patient.
 * A circulation that a machine supports seldom has it.
 */
const PULSATILE_MMHG = 20;

export const conditions = {
  'no-pulse': { type: 'physiological', priority: 'high', label: { en: 'No pulse', zh: '无脉搏' } },
} as const satisfies Conditions;

const trackOf = (vital: VitalState | null | undefined): PulselessTrack | null => vital?.courses?.[ID] ?? null;

/** `unknown`: one of the three has no value that stands. */
type Finding = 'holds' | 'over' | 'unknown';

const findingOf = (state: AlarmState): Finding => {
  const heart = state.vitals[HEART];
  const pressure = pulsePressure(state);
  if (!hasCurrentValue(heart) || pressure === null) return 'unknown';
  const hasPulse = hasCurrentValue(state.vitals[PULSE]) && (state.vitals[PULSE]?.value ?? 0) > 0;
  if (pressure >= FLAT_MMHG || hasPulse || (heart.value ?? 0) <= 0) return 'over';
  return 'holds';
};

const put = (transition: Transition, track: PulselessTrack): void =>
  putPulseless(transition, HEART, track.since === null && track.alarm === null ? null : track);

/** It is over, or cannot be known any more. */
const leave = (transition: Transition, at: number, cause: EndCause): void => {
  const track = trackOf(transition.state.vitals[HEART]);
  if (track) put(transition, { since: null, alarm: track.alarm && settleAlarm(transition, at, track.alarm, cause) });
};

const evidenceOf = ({ vitals }: AlarmState) => {
  const heart = vitals[HEART];
  return {
    measuredAt: heart?.time ?? null,
    receivedAt: heart?.heardAt ?? null,
    value: heart?.value ?? null,
    limit: null,
  };
};

const delayMs = ({ noPulseDelayMs = NO_PULSE_DELAY_MS }: AlarmConfig): number => noPulseDelayMs;

const decide: DueAct = (transition, at) => {
  const { state } = transition;
  const track = trackOf(state.vitals[HEART]);
  if (track === null || track.since === null || findingOf(state) !== 'holds') return;
  const what = {
    condition: CONDITION,
    priority: conditions[CONDITION].priority,
    vital: 'heart-rate',
    evidence: evidenceOf(state),
    also: undefined,
  } as const;
  const alarm: Alarm = track.alarm
    ? raiseAlarm(transition, at, track.alarm, 'recurred', what)
    : openAlarm(transition, at, { kind: courseKind('heart-rate', ID), startedAt: track.since, ...what });
  put(transition, { since: track.since, alarm });
};

const isWaiting = ({ since, alarm }: PulselessTrack): boolean => since !== null && alarm?.state !== 'active';

/** Notes that both probes find the pulse, once for each patient. */
const arm = (transition: Transition): void => {
  const { state } = transition;
  if (state.hasPulsed || !hasCurrentValue(state.vitals[PULSE])) return;
  if ((state.vitals[PULSE]?.value ?? 0) > 0 && (pulsePressure(state) ?? 0) >= PULSATILE_MMHG) {
    edit(transition).hasPulsed = true;
  }
};

export const pulseless: VitalKind = {
  idOf: (vital) => (hasCourseKind(vital, ID) ? courseKind(vital, ID) : undefined),
  conditions,
  isOn: ({ rules }, vital) => rules >= 3 && hasCourseKind(vital, ID),
  findDue(due, { vitals }, config, vital, index) {
    if (index !== HEART) return;
    const track = trackOf(vital);
    if (track === null || track.since === null || !isWaiting(track) || !hasCurrentValue(vitals[HEART])) return;
    noteDue(due, track.since + delayMs(config), decide, index);
  },
  track(transition, index, at, _start, _isAnother, ended) {
    if (index !== HEART || transition.config.rules < 3) return false;
    arm(transition);
    const track = trackOf(transition.state.vitals[HEART]);
    // Nearly every reading ends here.
    if (!transition.state.hasPulsed && track === null) return false;
    const finding = findingOf(transition.state);
    if (finding === 'holds') {
      if (track?.since == null) put(transition, { since: at, alarm: track?.alarm ?? null });
      return false;
    }
    if (track && (track.since !== null || track.alarm?.state === 'active')) {
      leave(transition, at, finding === 'over' ? ended : 'inhibited');
    }
    return false;
  },
  isGoing(vital) {
    const track = trackOf(vital);
    return track !== null && (track.since !== null || track.alarm?.state === 'active');
  },
  inhibit(transition, index, at) {
    if (index === HEART) leave(transition, at, 'inhibited');
  },
  forget(transition, index) {
    const track = index === HEART ? trackOf(transition.state.vitals[HEART]) : null;
    if (track) put(transition, { ...track, since: null });
  },
  alarmOf: (vital) => trackOf(vital)?.alarm ?? null,
  putAlarm(transition, index, alarm) {
    if (index === HEART) put(transition, { since: trackOf(transition.state.vitals[HEART])?.since ?? null, alarm });
  },
};
