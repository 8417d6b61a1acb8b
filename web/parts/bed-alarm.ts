import type { Inactivation } from '#domain/alarms/alarm.ts';
import { PRIORITIES, type Priority } from '#domain/alarms/conditions.ts';
import { type ActiveAlarm, type AlarmTone, originOf, toneOf } from '../shell/alarms/survey.ts';
import type { Voice } from '../shell/text/language.ts';
import { kindText } from './alarm-text.ts';
import { anyAlarmText, originMark } from './monitor/alarm.ts';

/** A pause, or what is switched off. `left` is the remaining time, empty where there is no end. */
export type InactivationView = {
  readonly what: Inactivation['what'];
  readonly words: string;
  readonly scope: string;
  readonly left: string;
};

export type PriorityCount = { readonly priority: Priority; readonly count: number };

/** What the alarm line of a tile says. `text` empty: no alarm is seen. */
export type BedAlarmView = {
  /** The priority of the alarm in `text`. */
  readonly priority: Priority | null;
  readonly tone: AlarmTone | null;
  readonly text: string;
  /** Who says so; empty: the station. */
  readonly mark: string;
  /** How many more are seen, by priority. */
  readonly more: readonly PriorityCount[];
  /** The frame has the highest priority there is, answered or not. It flashes while an alarm of that priority waits for an answer. */
  readonly frame: Priority | null;
  readonly isFrameFlashing: boolean;
  readonly inactivations: readonly InactivationView[];
};

export const NO_ALARM: BedAlarmView = {
  priority: null,
  tone: null,
  text: '',
  mark: '',
  more: [],
  frame: null,
  isFrameFlashing: false,
  inactivations: [],
};

/**
 * How an alarm is drawn. `flash`: on the flashing ground of its colour. `outline`: low priority, which is steady and not
 * to outshine the others. `quiet`: answered.
 */
export type Ground = 'flash' | 'outline' | 'quiet';

export const groundOf = (priority: Priority, tone: AlarmTone): Ground => {
  if (tone === 'acknowledged') return 'quiet';
  return priority === 'low' ? 'outline' : 'flash';
};

/** How many there are of each priority, the most urgent first; priorities of which there is none are left out. */
export const countByPriority = (alarms: readonly { readonly priority: Priority }[]): readonly PriorityCount[] =>
  PRIORITIES.toReversed()
    .map((priority) => ({ priority, count: alarms.filter((alarm) => alarm.priority === priority).length }))
    .filter(({ count }) => count > 0);

const worst = (seen: readonly ActiveAlarm[]): Priority | null =>
  countByPriority(seen.map(({ alarm }) => alarm))[0]?.priority ?? null;

const inactivationView = ({ what, kind, until }: Inactivation, nowMs: number, voice: Voice): InactivationView => ({
  what,
  words: voice.text.inactivations[what],
  scope: kind === null ? '' : kindText(kind, voice),
  left: until === null ? '' : voice.countdown(until - nowMs),
});

/** `active`: the alarms of one bed, the most urgent first. `inactivations`: those in force. */
export const bedAlarmView = (
  active: readonly ActiveAlarm[],
  inactivations: readonly Inactivation[],
  nowMs: number,
  voice: Voice,
): BedAlarmView => {
  const seen = active.filter(({ signal }) => signal.isSeen);
  const [first, ...others] = seen;
  const frame = worst(seen);
  const waiting = worst(seen.filter((each) => toneOf(each) !== 'acknowledged'));
  return {
    priority: first?.alarm.priority ?? null,
    tone: first ? toneOf(first) : null,
    text: first ? anyAlarmText(first.alarm, voice) : '',
    mark: first ? originMark(originOf(first), voice) : '',
    more: countByPriority(others.map(({ alarm }) => alarm)),
    frame,
    isFrameFlashing: frame !== null && frame !== 'low' && frame === waiting,
    inactivations: inactivations.map((each) => inactivationView(each, nowMs, voice)),
  };
};

/**
 * Classes of a tile. Its alarm line is of the foremost alarm, and its frame of the highest priority there is: an
 * answered crisis stays in sight beside something lesser that is new, and one that is over and was not seen flashes on.
 */
export const tileClass = ({ priority, tone, frame, isFrameFlashing }: BedAlarmView): string => {
  if (!priority || !tone) return 'tile';
  const flashing = isFrameFlashing ? 'frame-flashing' : 'frame-steady';
  return `tile has-alarm alarm-${priority} ground-${groundOf(priority, tone)} frame-${frame} ${flashing}`;
};
