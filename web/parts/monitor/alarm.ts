import type { Alarm } from '#domain/alarms/alarm.ts';
import type { MonitorAlarm } from '#domain/monitor-alarms/alarm.ts';
import { findMonitorEvent, MONITOR_EVENTS } from '#domain/monitor-alarms/events.ts';
import { vital } from '#domain/vitals.ts';
import type { Voice } from '../../shell/text/language.ts';
import { alarmText, evidenceText, limitText, worstText } from '../alarm-text.ts';
import { monitorText } from './text/language.ts';

/** Alarms that monitors report, in words, beside those of the station. */

export type AnyAlarm = Alarm | MonitorAlarm;

export const isOfMonitor = (alarm: AnyAlarm): alarm is MonitorAlarm => 'origin' in alarm;

/** Who says so: the station, a monitor, or both of the same condition. */
export type Origin = 'station' | 'monitor' | 'both';

/** The mark that stands beside the words; empty for the station's own. */
export const originMark = (origin: Origin, voice: Voice): string =>
  origin === 'station' ? '' : monitorText(voice.language).marks[origin];

type Named = Pick<MonitorAlarm, 'kind' | 'event' | 'code' | 'text' | 'number' | 'vital' | 'unconfirmed'>;
type Detailed = Named & Pick<MonitorAlarm, 'limits' | 'unit' | 'value'>;

/** What the alarm is called: by the event where it is known, else as the monitor calls it. */
const nameOf = ({ kind, event, code, text, number, vital: id }: Named, voice: Voice): string => {
  const words = monitorText(voice.language);
  if (kind === 'not-confirmed') return words.notConfirmedAlarm;
  const known = findMonitorEvent(event, code);
  if (!known) return text ?? event ?? words.unnamed(number);
  const named = words.events[known];
  // The event of a limit says nothing of what is past it: that is the metric, or what the monitor calls it.
  if (MONITOR_EVENTS[known].vital !== null) return named;
  return id === null ? (text ?? named) : voice.text.ofVital(vital(id).label[voice.language], named);
};

/** Such as `Ventricular tachycardia`, or `Ventricular tachycardia, not confirmed any more`. */
export const monitorAlarmText = (alarm: Named, voice: Voice): string => {
  const words = monitorText(voice.language);
  const doubt = alarm.unconfirmed === null ? '' : words.notConfirmed;
  return [nameOf(alarm, voice), doubt].filter(Boolean).join(voice.text.comma);
};

const limitsText = ({ limits, unit, value, vital: id }: Detailed, voice: Voice): string => {
  const decimals = id === null ? 1 : vital(id).decimals;
  const say = (number: number | null): string => (number === null ? '' : voice.number(number, decimals));
  const range = limits ? `(${say(limits[0])}–${say(limits[1])})` : '';
  return [say(value), range, value === null ? '' : (unit ?? '')].filter(Boolean).join(' ');
};

/** What the monitor itself calls it where that differs, and its value with its limits. */
export const monitorDetail = (alarm: Detailed, voice: Voice): string => {
  const own = alarm.text !== null && !monitorAlarmText(alarm, voice).includes(alarm.text) ? alarm.text : '';
  return [own, limitsText(alarm, voice)].filter(Boolean).join(' · ');
};

export const anyAlarmText = (alarm: AnyAlarm, voice: Voice): string =>
  isOfMonitor(alarm) ? monitorAlarmText(alarm, voice) : alarmText(alarm, voice);

export const anyAlarmDetail = (alarm: AnyAlarm, voice: Voice): string =>
  isOfMonitor(alarm)
    ? monitorDetail(alarm, voice)
    : [worstText(alarm, voice) || limitText(alarm, voice), evidenceText(alarm, voice)].filter(Boolean).join(' · ');
