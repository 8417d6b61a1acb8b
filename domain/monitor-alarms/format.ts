import type { z } from 'zod';
import { NewerFormatError, UnreadableFormatError } from '../alarms/formats/upcast.ts';
import { MonitorAlarm, MonitorAlarmEvent, MonitorInput } from './alarm.ts';
import { MONITOR_FORMAT, MonitorState } from './state.ts';

/** Stored alarms, events, inputs and states of monitors' alarms, as today's types. There is one format so far. */

/** Throws a NewerFormatError for what a newer release wrote, and an UnreadableFormatError. */
const reader =
  <Thing>(what: string, schema: z.ZodType<Thing>) =>
  (stored: unknown, format: number): Thing => {
    if (format > MONITOR_FORMAT) throw new NewerFormatError(what, format);
    const { data, error } = schema.safeParse(stored);
    if (error) throw new UnreadableFormatError(`${what} is not one: ${error.issues[0]?.message}`, { cause: error });
    return data;
  };

export const readMonitorAlarm = reader('an alarm of a monitor', MonitorAlarm);
export const readMonitorEvent = reader("an event of a monitor's alarm", MonitorAlarmEvent);
export const readMonitorInput = reader("an input of monitors' alarms", MonitorInput);
export const readMonitorState = reader("a state of monitors' alarms", MonitorState);
