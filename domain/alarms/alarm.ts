import { z } from 'zod';
import { Id } from '../id.ts';
import { VITAL_IDS, type VitalId } from '../vitals.ts';
import { CONDITION_IDS, PRIORITIES } from './names.ts';
import { AlarmConfig, ConfigVersion } from './settings.ts';

/**
 * What the engine takes and gives, as it is stored, streamed and recomputed. All times are epoch milliseconds; `at` of a message
 * and of an input is its moment, written as a number (`domain/moment.ts`).
 */

const EpochMs = z.number();
const Person = z.string().min(1).max(200);

/** An alarm: one episode of one kind, from its onset to its end. */
export const Alarm = z.object({
  id: z.string(),
  kind: z.string(),
  /** The worst condition of the episode so far: priority never falls within an episode. */
  condition: z.enum(CONDITION_IDS),
  vital: z.enum(VITAL_IDS as [VitalId, ...VitalId[]]).nullable(),
  priority: z.enum(PRIORITIES),
  /** `latched`: the condition has ended, and nobody has seen the alarm yet. */
  state: z.enum(['active', 'latched']),
  /** When the value first passed the limit, by the device; for technical conditions when it began, by the station. */
  startedAt: EpochMs,
  /** When the condition existed: past its delay. */
  decidedAt: EpochMs,
  /** Times of the reading that decided, by the device and by the station; null when no reading did. */
  measuredAt: EpochMs.nullable(),
  receivedAt: EpochMs.nullable(),
  /** The value of that reading, and the threshold it passed. */
  value: z.number().nullable(),
  limit: z.number().nullable(),
  /** The farthest value past the limit. */
  worst: z.number().nullable(),
  /**
   * The other vitals of the same measurement or probe, as they were when it was last announced or another came to it.
   * `limit`: the threshold that one has passed too; null: it has passed none, such as the pulse that goes on in an asystole.
   */
  also: z
    .array(
      z.object({
        vital: z.enum(VITAL_IDS as [VitalId, ...VitalId[]]),
        value: z.number().nullable(),
        limit: z.number().nullable(),
      }),
    )
    .optional(),
  /** How often it came back while latched. */
  recurrences: z.int(),
  acknowledged: z.object({ by: Person, at: EpochMs }).nullable(),
  /** The settings that decided it. */
  config: ConfigVersion,
});
export type Alarm = z.infer<typeof Alarm>;

export const INACTIVATIONS = ['audio-paused', 'alarm-paused', 'alarm-off', 'standby'] as const;

/**
 * IEC 60601-1-8, 6.8. `kind` null: all of the bed. `until` null: until an operator ends it. `standby`: nobody expects data
 * of the bed; it ends by itself when data comes again (E10).
 */
export const Inactivation = z.object({
  what: z.enum(INACTIVATIONS),
  kind: z.string().nullable(),
  by: Person,
  since: EpochMs,
  until: EpochMs.nullable(),
  /** Alarms that were there when an audio pause began: a new one of high priority is heard. */
  covered: z.array(z.string()),
});
export type Inactivation = z.infer<typeof Inactivation>;

export const END_CAUSES = ['recovered', 'inhibited', 'limits-changed', 'acknowledged', 'reset', 'occupancy'] as const;
export type EndCause = (typeof END_CAUSES)[number];

/**
 * `changed`: another vital came to it, or one of several left it. Nothing to be heard. `moved-in`: the patient took an alarm that
 * nobody had answered along to another bed (D7).
 */
export const ALARM_EVENT_TYPES = [
  'onset',
  'escalated',
  'latched',
  'recurred',
  'changed',
  'acknowledged',
  'ended',
  'moved-in',
] as const;

/** What happened to an alarm, with the alarm as it was after it; or to an inactivation. */
export const AlarmEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.enum(ALARM_EVENT_TYPES),
    at: EpochMs,
    alarm: Alarm,
    /** Who did it; null: the engine. */
    by: Person.nullable(),
    /** Why it ended or was latched. */
    cause: z.enum(END_CAUSES).nullable(),
  }),
  z.object({
    type: z.enum(['inactivated', 'reactivated']),
    at: EpochMs,
    inactivation: Inactivation,
    /** null: its time was over, or the patient or device changed. */
    by: Person.nullable(),
  }),
]);
export type AlarmEvent = z.infer<typeof AlarmEvent>;

/** What a person does. */
export const AlarmAction = z.discriminatedUnion('type', [
  z.object({ type: z.literal('acknowledge'), at: EpochMs, by: Person, alarm: z.string() }),
  /** `alarm` null: all that are latched. */
  z.object({ type: z.literal('reset'), at: EpochMs, by: Person, alarm: z.string().nullable() }),
  z.object({
    type: z.literal('inactivate'),
    at: EpochMs,
    by: Person,
    what: z.enum(INACTIVATIONS),
    kind: z.string().nullable(),
    until: EpochMs.nullable(),
  }),
  z.object({
    type: z.literal('reactivate'),
    at: EpochMs,
    by: Person,
    what: z.enum(INACTIVATIONS),
    kind: z.string().nullable(),
  }),
]);
export type AlarmAction = z.infer<typeof AlarmAction>;

/** What the engine is told beside readings. Kept in the record, so that a shift can be recomputed. */
export const AlarmInput = z.discriminatedUnion('type', [
  /** The station started, or its clock was set back: nobody was heard before, and that is nobody's fault. */
  z.object({ type: z.literal('resumed'), at: EpochMs }),
  /** Another patient or device. `carried`: alarms that the patient brought along from another bed. */
  z.object({
    type: z.literal('occupied'),
    at: EpochMs,
    device: Id.nullable(),
    encounter: z.int().nullable(),
    config: AlarmConfig,
    carried: z.array(Alarm).optional(),
  }),
  z.object({ type: z.literal('configured'), at: EpochMs, config: AlarmConfig }),
  /** Only what changed. `missing`: sequence numbers that have not arrived. */
  z.object({
    type: z.literal('device'),
    at: EpochMs,
    online: z.boolean().optional(),
    batteryPercent: z.number().nullable().optional(),
    clockOffsetMs: z.number().nullable().optional(),
    missing: z.int().optional(),
    /** By how much its clock was put forward, or back: later readings have times by the clock as it now is. */
    clockStepMs: z.number().optional(),
    /** How often it is expected to send; null: as good as continuously. */
    intervalMs: z.number().positive().nullable().optional(),
  }),
  /** What a person recorded of what the patient breathes. */
  z.object({ type: z.literal('oxygen'), at: EpochMs, by: Person, roomAir: z.boolean() }),
  z.object({
    type: z.literal('station'),
    at: EpochMs,
    journalShare: z.number().optional(),
    databaseAway: z.boolean().optional(),
  }),
  ...AlarmAction.options,
]);
export type AlarmInput = z.infer<typeof AlarmInput>;

/** NaN: no value. `quality` is the place in `QUALITIES`. */
export type VitalReading = { readonly mdc: number; readonly value: number; readonly quality: number };

/** Readings of one time. `time` is when they were measured, by the device; `at` when they arrived, by the station. */
export type VitalsEvent = {
  readonly type: 'vitals';
  readonly at: number;
  readonly time: number;
  readonly readings: readonly VitalReading[];
};

/** Nothing but the time. Any number of them, anywhere, changes nothing about what is decided and for when. */
export type TickEvent = { readonly type: 'tick'; readonly at: number };

export type EngineEvent = VitalsEvent | TickEvent | AlarmInput;
