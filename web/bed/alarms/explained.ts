import type { KnownAlarm, KnownAlarmHistory } from '#contracts/http/alarms.ts';
import { vital } from '#domain/vitals.ts';
import { alarmText, evidenceText } from '../../parts/alarm-text.ts';
import { unitText } from '../../parts/display.ts';
import { dayAndTime } from '../../parts/when.ts';
import { wordOf } from '../../parts/words.ts';
import type { Voice } from '../../shell/text/language.ts';
import { bedText } from '../text/language.ts';
import { meaningOf } from '../text/meanings.ts';

/** Why an alarm is there, line by line. */
export type Line = { readonly term: string; readonly words: string };

const withUnit = (value: number | null, alarm: KnownAlarm, voice: Voice): string => {
  if (value === null) return '';
  if (!alarm.vital) return voice.number(value, 0);
  return `${voice.number(value, vital(alarm.vital).decimals)} ${unitText(alarm.vital, voice.text)}`;
};

const settingsText = ({ config }: KnownAlarm, voice: Voice): string => {
  const text = bedText(voice.language);
  const whole = (version: number): string => voice.number(version, 0);
  return [
    text.preset(text.ageGroups[config.preset]),
    config.unit === null ? '' : text.unitVersion(whole(config.unit)),
    config.patient === null ? '' : text.stayVersion(whole(config.patient)),
  ]
    .filter(Boolean)
    .join(', ');
};

/** Each step of the way; what was not stamped is left out. */
const latencies = (alarm: KnownAlarm, voice: Voice): string => {
  const { latency, milliseconds, seconds } = bedText(voice.language);
  const words = (ms: number): string =>
    ms < 10_000 ? milliseconds(voice.number(ms, 0)) : seconds(voice.number(ms / 1_000, 0));
  const step = (from: number | null, to: number | null, say: (ms: string) => string): string =>
    from === null || to === null ? '' : say(words(to - from));
  return [
    step(alarm.measuredAt, alarm.receivedAt, latency.received),
    step(alarm.receivedAt, alarm.decidedAt, latency.decided),
    step(alarm.decidedAt, alarm.publishedAt, latency.published),
    step(alarm.publishedAt, alarm.shownAt, latency.shown),
  ]
    .filter(Boolean)
    .join(' · ');
};

const endedText = ({ endedAt, endCause }: KnownAlarm, voice: Voice): string => {
  if (endedAt === null) return '';
  const { endCauses } = bedText(voice.language);
  return [dayAndTime(endedAt, voice), endCause && wordOf(endCauses, endCause)].filter(Boolean).join(', ');
};

export const explain = (alarm: KnownAlarm, voice: Voice): readonly Line[] => {
  const text = bedText(voice.language);
  const { explained } = text;
  const reading = withUnit(alarm.value, alarm, voice);
  const measured = alarm.measuredAt === null ? '' : dayAndTime(alarm.measuredAt, voice);
  const lines: Line[] = [
    { term: explained.what, words: `${alarmText(alarm, voice)} · ${voice.text.priorities[alarm.priority]}` },
    { term: explained.means, words: meaningOf(alarm.condition, voice.language) },
    { term: explained.reading, words: [reading, measured].filter(Boolean).join(', ') },
    { term: explained.threshold, words: withUnit(alarm.limit, alarm, voice) },
    { term: explained.worst, words: withUnit(alarm.worst, alarm, voice) },
    { term: explained.also, words: evidenceText(alarm, voice) },
    { term: explained.since, words: dayAndTime(alarm.startedAt, voice) },
    { term: explained.delay, words: text.seconds(voice.number((alarm.decidedAt - alarm.startedAt) / 1_000, 1)) },
    { term: explained.settings, words: settingsText(alarm, voice) },
    { term: explained.latency, words: latencies(alarm, voice) },
    { term: explained.recurred, words: alarm.recurrences > 0 ? text.times(voice.number(alarm.recurrences, 0)) : '' },
    {
      term: explained.acknowledged,
      words:
        alarm.acknowledgedAt === null
          ? ''
          : text.byAt(alarm.acknowledgedBy ?? text.notKnown, dayAndTime(alarm.acknowledgedAt, voice)),
    },
    { term: explained.ended, words: endedText(alarm, voice) },
  ];
  return lines.filter(({ words }) => words !== '');
};

/** What happened, the earliest first. */
export const story = ({ events }: KnownAlarmHistory, voice: Voice): readonly Line[] => {
  const text = bedText(voice.language);
  return events.map((event) => ({
    term: dayAndTime(event.at, voice),
    words: [text.events[event.type], event.by ? text.byPerson(event.by) : ''].filter(Boolean).join(', '),
  }));
};
