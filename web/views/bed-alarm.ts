import type { Inactivation } from '#domain/alarms/alarm.ts';
import { PRIORITIES, type Priority } from '#domain/alarms/conditions.ts';
import { priorityRank, type Standing } from '../alarms/survey.ts';
import type { Voice } from '../text/language.ts';
import { alarmText, kindText } from './alarm-text.ts';

/** `flashing`: nobody has answered it. `over`: nobody has answered it, and its condition has ended. */
export type AlarmTone = 'flashing' | 'over' | 'acknowledged';

/** A pause, or what is switched off. `left` is the remaining time, empty where there is no end. */
export type InactivationView = {
  readonly what: Inactivation['what'];
  readonly words: string;
  readonly scope: string;
  readonly left: string;
};

/** What the alarm line of a tile says. `text` empty: no alarm is seen. */
export type BedAlarmView = {
  /** Of the alarm in `text`. */
  readonly priority: Priority | null;
  readonly tone: AlarmTone | null;
  readonly text: string;
  /** How many more are seen, by priority. */
  readonly more: readonly { readonly priority: Priority; readonly count: number }[];
  readonly inactivations: readonly InactivationView[];
};

export const NO_ALARM: BedAlarmView = { priority: null, tone: null, text: '', more: [], inactivations: [] };

export const toneOf = ({ alarm, signal }: Standing): AlarmTone => {
  if (signal.inactivation === 'acknowledged') return 'acknowledged';
  return alarm.state === 'latched' ? 'over' : 'flashing';
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

/** An acknowledged alarm never stands before one that nobody has answered (IEC 60601-1-8, 6.8). */
export const foremost = (seen: readonly Standing[]): Standing | undefined =>
  seen.find((standing) => toneOf(standing) !== 'acknowledged') ?? seen[0];

const countByPriority = (seen: readonly Standing[]): BedAlarmView['more'] =>
  PRIORITIES.toReversed()
    .map((priority) => ({ priority, count: seen.filter(({ alarm }) => alarm.priority === priority).length }))
    .filter(({ count }) => count > 0);

const inactivationView = ({ what, kind, until }: Inactivation, nowMs: number, voice: Voice): InactivationView => ({
  what,
  words: voice.text.inactivations[what],
  scope: kind === null ? '' : kindText(kind, voice),
  left: until === null ? '' : voice.countdown(until - nowMs),
});

/** `standing`: the alarms of one bed, the most urgent first. `inactivations`: those in force. */
export const bedAlarmView = (
  standing: readonly Standing[],
  inactivations: readonly Inactivation[],
  nowMs: number,
  voice: Voice,
): BedAlarmView => {
  const seen = standing.filter(({ signal }) => signal.isSeen);
  const first = foremost(seen);
  return {
    priority: first?.alarm.priority ?? null,
    tone: first ? toneOf(first) : null,
    text: first ? alarmText(first.alarm, voice) : '',
    more: countByPriority(seen.filter((each) => each !== first)),
    inactivations: inactivations.map((each) => inactivationView(each, nowMs, voice)),
  };
};

/**
 * Classes of a tile. Its alarm line is of the foremost alarm, and its frame of the highest priority there is, answered
 * or not: an answered crisis stays in sight beside something lesser that is new.
 */
export const tileClass = ({ priority, tone, more }: BedAlarmView): string => {
  if (!priority || !tone) return 'tile';
  const worse = more.find((each) => priorityRank(each.priority) > priorityRank(priority))?.priority;
  const ground = groundOf(priority, tone);
  const frame = worse || ground !== 'flash' ? 'frame-steady' : 'frame-flashing';
  return `tile has-alarm alarm-${priority} ground-${ground} frame-${worse ?? priority} ${frame}`;
};
