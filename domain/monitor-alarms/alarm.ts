import { z } from 'zod';
import { PRIORITIES } from '../alarms/names.ts';
import { Id } from '../id.ts';
import { VITAL_IDS, type VitalId } from '../vitals.ts';
import {
  ALERT_TYPES,
  MONITOR_INACTIVATIONS,
  MONITOR_KINDS,
  MONITOR_STATES,
  PHASES,
  UNCONFIRMED_CAUSES,
} from './names.ts';

/**
 * The alarms of monitors as they are told, kept, sent and recomputed. All times are epoch milliseconds; `at` is by the
 * station's clock.
 */

const EpochMs = z.number();
const Person = z.string().min(1).max(200);
const Text = z.string().max(200).nullable();

/** One entry of a message of a monitor; null: not told. */
export const ReportedAlarm = z.object({
  /** The monitor's own id of the alarm: with the device and the boot it names one episode. */
  number: z.string(),
  phase: z.enum(PHASES),
  event: Text,
  code: z.number().nullable(),
  text: Text,
  priority: z.enum(PRIORITIES).nullable(),
  type: z.enum(ALERT_TYPES).nullable(),
  state: z.enum(MONITOR_STATES).nullable(),
  inactivation: z.enum(MONITOR_INACTIVATIONS).nullable(),
  /** The metric that the alarm is about, as the monitor names it. */
  source: Text,
  value: z.number().nullable(),
  unit: Text,
  limits: z.tuple([z.number().nullable(), z.number().nullable()]).nullable(),
});
export type ReportedAlarm = z.infer<typeof ReportedAlarm>;

/** An alarm of a monitor, as it is shown. What the monitor told is passed on unchanged, its priority above all. */
export const MonitorAlarm = z.object({
  id: z.string(),
  origin: z.literal('monitor'),
  kind: z.enum(MONITOR_KINDS),
  device: Id,
  boot: z.string(),
  number: z.string(),
  event: Text,
  code: z.number().nullable(),
  text: Text,
  vital: z.enum(VITAL_IDS as [VitalId, ...VitalId[]]).nullable(),
  /** The kind of alarm of ours that is about the same condition: the two are shown as one. */
  twin: z.string().nullable(),
  priority: z.enum(PRIORITIES),
  /** The monitor told no priority: this one is the station's, the highest that such an alarm may have. */
  isPriorityAssumed: z.boolean(),
  type: z.enum(ALERT_TYPES).nullable(),
  /** `latched`: the condition is over, and nobody has acknowledged the alarm yet. */
  state: z.enum(['active', 'latched']),
  phase: z.enum(PHASES),
  monitorState: z.enum(MONITOR_STATES).nullable(),
  inactivation: z.enum(MONITOR_INACTIVATIONS).nullable(),
  source: Text,
  value: z.number().nullable(),
  unit: Text,
  limits: z.tuple([z.number().nullable(), z.number().nullable()]).nullable(),
  /** When it began by the message that told it first, by the device's clock as far as that is known. */
  startedAt: EpochMs,
  /** When the station heard of it first. */
  decidedAt: EpochMs,
  /** When it became as urgent as it is: an audio pause from before does not silence it if its priority is high. */
  raisedAt: EpochMs,
  unconfirmed: z.enum(UNCONFIRMED_CAUSES).nullable(),
  recurrences: z.int(),
  acknowledged: z.object({ by: Person, at: EpochMs }).nullable(),
});
export type MonitorAlarm = z.infer<typeof MonitorAlarm>;

/**
 * Why an alarm ended. `ended`, `reset-there`: the monitor says so. `snapshot`: a snapshot did not have it any more.
 * `passed`: it was a point in time. `confirmed`: the alarms of the device are confirmed again.
 */
export const MONITOR_END_CAUSES = [
  'ended',
  'reset-there',
  'snapshot',
  'passed',
  'confirmed',
  'acknowledged',
  'reset',
  'occupancy',
] as const;
export type MonitorEndCause = (typeof MONITOR_END_CAUSES)[number];

export const MONITOR_EVENT_TYPES = [
  'onset',
  'changed',
  'escalated',
  'de-escalated',
  'unconfirmed',
  'confirmed',
  'latched',
  'recurred',
  'acknowledged',
  'ended',
] as const;
export type MonitorEventType = (typeof MONITOR_EVENT_TYPES)[number];

/** What happened to an alarm of a monitor, with the alarm as it was afterwards. */
export const MonitorAlarmEvent = z.object({
  type: z.enum(MONITOR_EVENT_TYPES),
  at: EpochMs,
  alarm: MonitorAlarm,
  /** Who caused the event; null: the monitor or the time. */
  by: Person.nullable(),
  cause: z.enum(MONITOR_END_CAUSES).nullable(),
});
export type MonitorAlarmEvent = z.infer<typeof MonitorAlarmEvent>;

/** All that the step function is told, except that time passes. Inputs are stored, so that all can be recomputed. */
export const MonitorInput = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('reported'),
    at: EpochMs,
    device: Id,
    /** '' and −1: not told. */
    boot: z.string(),
    seq: z.number(),
    /** When the message was made, by the device's clock. */
    time: EpochMs,
    /** The message came long after it was made: it opens nothing. */
    late: z.boolean(),
    /** The message names every alarm that is active, and each could be read. */
    snapshot: z.boolean(),
    alarms: z.array(ReportedAlarm),
  }),
  /** Another patient or other devices are at the bed. */
  z.object({ type: z.literal('occupied'), at: EpochMs, encounter: z.int().nullable(), devices: z.array(Id) }),
  /** The device is lost or silent, or it is there again. */
  z.object({ type: z.literal('link'), at: EpochMs, device: Id, isThere: z.boolean() }),
  /** The station started, or its clock was set back. Nothing could be heard before. */
  z.object({ type: z.literal('resumed'), at: EpochMs }),
  z.object({ type: z.literal('acknowledge'), at: EpochMs, by: Person, alarm: z.string() }),
  /** `alarm` null: all alarms of the bed whose condition is over. */
  z.object({ type: z.literal('reset'), at: EpochMs, by: Person, alarm: z.string().nullable() }),
]);
export type MonitorInput = z.infer<typeof MonitorInput>;
export type ReportedInput = Extract<MonitorInput, { type: 'reported' }>;

export type MonitorStepEvent = MonitorInput | { readonly type: 'tick'; readonly at: number };
