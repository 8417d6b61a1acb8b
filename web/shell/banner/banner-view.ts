import { PRIORITIES, type Priority } from '#domain/alarms/conditions.ts';
import { countByPriority, type PriorityCount } from '../../parts/bed-alarm.ts';
import { anyAlarmDetail, anyAlarmText, isOfMonitor, originMark } from '../../parts/monitor/alarm.ts';
import { type ActiveAlarm, type AlarmTone, originOf, toneOf } from '../alarms/survey.ts';
import type { Voice } from '../text/language.ts';

/** An alarm in the list of all. */
export type BannerItem = {
  readonly id: string;
  /** null: the station itself. */
  readonly bed: string | null;
  /** What a person has read: when it becomes another, nobody has. */
  readonly condition: string;
  readonly priority: Priority;
  readonly tone: AlarmTone;
  readonly isAudioPaused: boolean;
  /** The same condition as others tell it, if nobody has answered it: it is answered along with this one. */
  readonly twins: readonly string[];
  /** Who says so; empty: the station. */
  readonly mark: string;
  readonly place: string;
  readonly text: string;
  readonly detail: string;
  readonly time: string;
};

/** A bed in the banner, or the station: its foremost alarm, and how many others of it nobody has answered. */
export type BannerLine = BannerItem & { readonly more: readonly PriorityCount[] };

export type BannerView = {
  /** Every alarm that is seen, the most urgent first. */
  readonly items: readonly BannerItem[];
  /** One for each bed that has any, in the same order. */
  readonly lines: readonly BannerLine[];
  readonly counts: Readonly<Record<Priority, number>>;
};

export const NO_BANNER: BannerView = { items: [], lines: [], counts: { low: 0, medium: 0, high: 0 } };

const itemOf = (active: ActiveAlarm, voice: Voice): BannerItem => {
  const { alarm, bed, signal, twins } = active;
  return {
    id: alarm.id,
    bed: bed?.id ?? null,
    condition: isOfMonitor(alarm) ? `${alarm.event} ${alarm.priority}` : alarm.condition,
    priority: alarm.priority,
    tone: toneOf(active),
    isAudioPaused: signal.inactivation === 'audio-paused',
    twins: twins.filter((twin) => toneOf(twin) !== 'acknowledged').map((twin) => twin.alarm.id),
    mark: originMark(originOf(active), voice),
    place: bed?.label ?? voice.text.station,
    text: anyAlarmText(alarm, voice),
    detail: anyAlarmDetail(alarm, voice),
    time: voice.minuteOfDay(alarm.decidedAt),
  };
};

export const isUnanswered = ({ tone }: Pick<BannerItem, 'tone'>): boolean => tone !== 'acknowledged';

const linesOf = (items: readonly BannerItem[]): readonly BannerLine[] => {
  const byPlace = new Map<string | null, BannerItem[]>();
  for (const item of items) byPlace.set(item.bed, [...(byPlace.get(item.bed) ?? []), item]);
  return [...byPlace.values()].flatMap(([first, ...others]) =>
    first ? [{ ...first, more: countByPriority(others.filter(isUnanswered)) }] : [],
  );
};

/** What nobody has answered in these lines, by priority. */
export const unansweredIn = (lines: readonly BannerLine[]): readonly PriorityCount[] =>
  countByPriority(
    lines.flatMap((line) => [
      ...(isUnanswered(line) ? [line] : []),
      ...line.more.flatMap(({ priority, count }) => Array.from({ length: count }, () => ({ priority }))),
    ]),
  );

/** `active`: the alarms of the ward, the most urgent first. */
export const bannerView = (active: readonly ActiveAlarm[], voice: Voice): BannerView => {
  const items = active.filter(({ signal }) => signal.isSeen).map((each) => itemOf(each, voice));
  const count = (priority: Priority): number => items.filter((item) => item.priority === priority).length;
  return {
    items,
    lines: linesOf(items),
    counts: Object.fromEntries(PRIORITIES.map((priority) => [priority, count(priority)])) as BannerView['counts'],
  };
};
