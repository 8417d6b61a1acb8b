import { PRIORITIES, type Priority } from '../alarms/names.ts';
import type { MonitorAlarm, MonitorEventType, ReportedAlarm } from './alarm.ts';
import { findMonitorEvent, subjectOf } from './events.ts';
import type { AlertType } from './names.ts';

/** From what a monitor tells of an alarm to the alarm as it is shown. Nothing that was told is changed. */

/** How bad the worst alarm of its type can be, for one whose priority the monitor does not tell. [?] */
const ASSUMED: Readonly<Record<AlertType, Priority>> = { SP: 'high', ST: 'medium', SA: 'low' };

type Told = Pick<
  MonitorAlarm,
  | 'event'
  | 'code'
  | 'text'
  | 'vital'
  | 'twin'
  | 'priority'
  | 'isPriorityAssumed'
  | 'type'
  | 'phase'
  | 'monitorState'
  | 'inactivation'
  | 'source'
  | 'value'
  | 'unit'
  | 'limits'
>;

/** What is known of an alarm after this entry; what the entry does not tell stays as it was told before. */
export const toldBy = (entry: ReportedAlarm, before?: MonitorAlarm): Told => {
  const event = entry.event ?? before?.event ?? null;
  const code = entry.code ?? before?.code ?? null;
  const source = entry.source ?? before?.source ?? null;
  const type = entry.type ?? before?.type ?? null;
  const told = entry.priority ?? (before && !before.isPriorityAssumed ? before.priority : null);
  return {
    event,
    code,
    text: entry.text ?? before?.text ?? null,
    ...subjectOf(findMonitorEvent(event, code), source),
    priority: told ?? ASSUMED[type ?? 'SP'],
    isPriorityAssumed: told === null,
    type,
    phase: entry.phase,
    monitorState: entry.state ?? before?.monitorState ?? null,
    inactivation: entry.inactivation ?? before?.inactivation ?? null,
    source,
    value: entry.value ?? before?.value ?? null,
    unit: entry.unit ?? before?.unit ?? null,
    limits: entry.limits ?? before?.limits ?? null,
  };
};

const rank = (priority: Priority): number => PRIORITIES.indexOf(priority);

/** What a person need not be told again with every `continue`: the number on the screen is newer. */
const isSilent = (key: string, isContinue: boolean): boolean => key === 'phase' || (isContinue && key === 'value');

/** What happened to an alarm that goes on; undefined: nothing that anybody need be told. */
export const changeBetween = (
  before: MonitorAlarm,
  after: MonitorAlarm,
  isContinue: boolean,
): MonitorEventType | undefined => {
  const risenBy = rank(after.priority) - rank(before.priority);
  if (risenBy > 0 || (after.phase === 'escalate' && risenBy === 0)) return 'escalated';
  if (risenBy < 0) return 'de-escalated';
  if (before.unconfirmed !== null && after.unconfirmed === null) return 'confirmed';
  const keys = Object.keys(after) as (keyof MonitorAlarm)[];
  const isOther = keys.some(
    (key) => !isSilent(key, isContinue) && JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  return isOther ? 'changed' : undefined;
};
