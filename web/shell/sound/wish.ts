import { type ActiveAlarm, priorityRank } from '../alarms/survey.ts';
import type { SoundId } from './tables.ts';

/** What there is to be heard now. */
export type SoundWish = {
  readonly sound: SoundId | null;
  /** The alarms it is for: a new one is not kept waiting for the next turn. */
  readonly reasons: readonly string[];
  /**
   * What a person has silenced: a burst for it is cut off, while a burst that is only not needed any more is finished.
   */
  readonly silenced: SoundId | null;
};

const highest = (active: readonly ActiveAlarm[]) =>
  active.map(({ alarm }) => alarm.priority).toSorted((a, b) => priorityRank(b) - priorityRank(a))[0] ?? null;

const LINK_LOST: SoundWish = { sound: 'link-lost', reasons: ['link-lost'], silenced: null };

/** The highest priority that is heard wins; a link that is lost goes before all, since nothing else is known then. */
export const soundWish = (survey: readonly ActiveAlarm[], link: 'connecting' | 'live' | 'lost'): SoundWish => {
  if (link === 'lost') return LINK_LOST;
  const heard = survey.filter(({ signal }) => signal.isHeard);
  const sound = highest(heard);
  return {
    sound,
    reasons: heard.filter(({ alarm }) => alarm.priority === sound).map(({ alarm }) => alarm.id),
    silenced: highest(survey.filter(({ signal }) => !signal.isHeard)),
  };
};
