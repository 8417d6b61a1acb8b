import { type ConditionId, PRIORITIES, type Priority } from '#domain/alarms/conditions.ts';
import type { Standing } from '../alarms/survey.ts';
import type { Voice } from '../text/language.ts';
import { alarmText, limitText, worstText } from './alarm-text.ts';
import { type AlarmTone, toneOf } from './bed-alarm.ts';

/** One line of the banner. */
export type BannerItem = {
  readonly id: string;
  /** null: the station itself. */
  readonly bed: string | null;
  readonly condition: ConditionId;
  readonly priority: Priority;
  readonly tone: AlarmTone;
  readonly isAudioPaused: boolean;
  readonly place: string;
  readonly text: string;
  readonly detail: string;
  readonly time: string;
};

export type BannerView = {
  /** Every alarm that is seen: by priority, then the newest first. */
  readonly items: readonly BannerItem[];
  readonly counts: Readonly<Record<Priority, number>>;
};

export const NO_BANNER: BannerView = { items: [], counts: { low: 0, medium: 0, high: 0 } };

const itemOf = (standing: Standing, voice: Voice): BannerItem => {
  const { alarm, bed, signal } = standing;
  return {
    id: alarm.id,
    bed: bed?.id ?? null,
    condition: alarm.condition,
    priority: alarm.priority,
    tone: toneOf(standing),
    isAudioPaused: signal.inactivation === 'audio-paused',
    place: bed?.label ?? voice.text.station,
    text: alarmText(alarm, voice),
    detail: worstText(alarm, voice) || limitText(alarm, voice),
    time: voice.minuteOfDay(alarm.decidedAt),
  };
};

/** `standing`: the alarms of the ward, the most urgent first. */
export const bannerView = (standing: readonly Standing[], voice: Voice): BannerView => {
  const items = standing.filter(({ signal }) => signal.isSeen).map((each) => itemOf(each, voice));
  const count = (priority: Priority): number => items.filter((item) => item.priority === priority).length;
  return {
    items,
    counts: Object.fromEntries(PRIORITIES.map((priority) => [priority, count(priority)])) as BannerView['counts'],
  };
};
