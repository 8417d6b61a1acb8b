import { z } from 'zod';
import { PRIORITIES } from '#domain/alarms/names.ts';
import { MonitorAlarm, MonitorAlarmEvent } from '#domain/monitor-alarms/alarm.ts';
import { MONITOR_KINDS } from '#domain/monitor-alarms/names.ts';
import { Instant } from './time.ts';

/** An alarm that a monitor reported, as it is stored: what was told last, and when each step of its life was. */
export const MonitorAlarmRecord = z
  .object({
    id: z.string(),
    origin: z.literal('monitor'),
    unit: z.string().nullable(),
    bed: z.string().nullable(),
    device: z.string(),
    encounter: z.int().nullable(),
    kind: z.enum(MONITOR_KINDS).describe('not-confirmed: alarms of the device are not confirmed any more'),
    event: z.string().nullable().describe('MDC reference id'),
    code: z.number().nullable(),
    text: z.string().nullable().describe('as the monitor calls it'),
    number: z.string().describe('the id that the monitor gave it'),
    boot: z.string(),
    vital: MonitorAlarm.shape.vital,
    twin: z.string().nullable().describe('the kind of alarm of the station that is about the same condition'),
    type: z.string().nullable().describe('SP physiological, ST technical, SA advisory'),
    priority: z.enum(PRIORITIES).describe('as the monitor told it last'),
    worstPriority: z.enum(PRIORITIES),
    state: z.enum(['active', 'latched', 'ended']),
    unconfirmed: MonitorAlarm.shape.unconfirmed.describe('why nobody could say any more that it holds'),
    startedAt: Instant,
    decidedAt: Instant.describe('when the station heard of it first'),
    acknowledgedAt: Instant.nullable(),
    acknowledgedBy: z.string().nullable(),
    endedAt: Instant.nullable(),
    endCause: z.string().nullable(),
    value: z.number().nullable(),
    unitOfValue: z.string().nullable(),
    limits: z.tuple([z.number().nullable(), z.number().nullable()]).nullable(),
    recurrences: z.int(),
  })
  .meta({ id: 'MonitorAlarmRecord' });
export type MonitorAlarmRecord = z.infer<typeof MonitorAlarmRecord>;

export const MonitorAlarmPage = z
  .object({
    alarms: z.array(MonitorAlarmRecord),
    next: z.string().nullable().describe('`before` of the next page; null when this was the last'),
  })
  .meta({ id: 'MonitorAlarmPage' });
export type MonitorAlarmPage = z.infer<typeof MonitorAlarmPage>;

export const MonitorAlarmHistory = MonitorAlarmRecord.extend({ events: z.array(MonitorAlarmEvent) }).meta({
  id: 'MonitorAlarmHistory',
});
export type MonitorAlarmHistory = z.infer<typeof MonitorAlarmHistory>;
