import { z } from 'zod';
import { Id } from '../id.ts';
import { VITAL_IDS, type VitalId } from '../vitals.ts';
import { CONDITION_IDS, PRIORITIES } from './names.ts';
import { AlarmConfig, ConfigVersion } from './settings.ts';

/**
 * What goes into the engine and comes out of it, as it is stored, sent and recomputed. All times are epoch
 * milliseconds; `at` of a message and of an input is its moment, written as a number (`domain/moment.ts`).
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
  /** The device that a technical condition is about; absent: the bed's only device, or none. */
  device: z.string().optional(),
  priority: z.enum(PRIORITIES),
  /** `latched`: the condition has ended, and nobody has acknowledged the alarm yet. */
  state: z.enum(['active', 'latched']),
  /**
   * When the value first passed the limit, by the device's clock; for a technical condition, when it began, by the
   * station's clock.
   */
  startedAt: EpochMs,
  /** When the condition had lasted for its delay, and so existed. */
  decidedAt: EpochMs,
  /**
   * When the reading that decided the alarm was measured, by the device's clock, and when it arrived, by the station's;
   * null when no reading decided it.
   */
  measuredAt: EpochMs.nullable(),
  receivedAt: EpochMs.nullable(),
  /** The value of that reading, and the threshold it passed. */
  value: z.number().nullable(),
  limit: z.number().nullable(),
  /** The value farthest past the limit so far. */
  worst: z.number().nullable(),
  /**
   * The other vitals of the same measurement or probe, as they were when the alarm last began, got worse, came back or
   * changed. `limit` is the threshold that the vital has passed too; null when it has passed none, like a pulse that
   * goes on during an asystole.
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
  /** The gateway that is lost, and how many beds cannot be heard for it. */
  gateway: Id.optional(),
  beds: z.int().optional(),
  /** How often the alarm came back while it was latched. */
  recurrences: z.int(),
  acknowledged: z.object({ by: Person, at: EpochMs }).nullable(),
  /** The versions of the settings that decided the alarm. */
  config: ConfigVersion,
});
export type Alarm = z.infer<typeof Alarm>;

export const INACTIVATIONS = ['audio-paused', 'alarm-paused', 'alarm-off', 'standby'] as const;

/**
 * An operator's stop of signals (IEC 60601-1-8, 6.8). `kind` null: it covers all kinds of the bed. `until` null: it
 * lasts until an operator ends it. `standby`: nobody expects data of the bed; it ends by itself when data comes again
 * (E10).
 */
export const Inactivation = z.object({
  what: z.enum(INACTIVATIONS),
  kind: z.string().nullable(),
  by: Person,
  since: EpochMs,
  until: EpochMs.nullable(),
  /**
   * The ids of the alarms that were open when an audio pause began: an alarm of high priority is heard if it is not
   * among them.
   */
  covered: z.array(z.string()),
});
export type Inactivation = z.infer<typeof Inactivation>;

export const END_CAUSES = ['recovered', 'inhibited', 'limits-changed', 'acknowledged', 'reset', 'occupancy'] as const;
export type EndCause = (typeof END_CAUSES)[number];

/**
 * `changed`: another vital joined the alarm, or one of several left it; nothing is heard. `moved-in`: a patient who
 * came from another bed brought along an alarm that nobody had answered (D7).
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

/** What happened to an alarm, with the alarm as it was afterwards, or what happened to an inactivation. */
export const AlarmEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.enum(ALARM_EVENT_TYPES),
    at: EpochMs,
    alarm: Alarm,
    /** Who caused the event; null: the engine. */
    by: Person.nullable(),
    /** Why the alarm ended or was latched. */
    cause: z.enum(END_CAUSES).nullable(),
  }),
  z.object({
    type: z.enum(['inactivated', 'reactivated']),
    at: EpochMs,
    inactivation: Inactivation,
    /** Who caused the event; null: the engine, for example because the time was over or the patient changed. */
    by: Person.nullable(),
  }),
]);
export type AlarmEvent = z.infer<typeof AlarmEvent>;

/** What an operator does. */
export const AlarmAction = z.discriminatedUnion('type', [
  z.object({ type: z.literal('acknowledge'), at: EpochMs, by: Person, alarm: z.string() }),
  /** `alarm` null: all latched alarms are reset. */
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

/** What the engine is told besides readings. Inputs are stored, so that a shift can be recomputed. */
export const AlarmInput = z.discriminatedUnion('type', [
  /** The station started, or its clock was set back. Nothing could be heard before, so silence counts from here. */
  z.object({ type: z.literal('resumed'), at: EpochMs }),
  /**
   * Another patient is at the bed, or other devices are: `device` and, when there are several, `others`. `carried`: alarms
   * that the patient brought along from another bed.
   */
  z.object({
    type: z.literal('occupied'),
    at: EpochMs,
    device: Id.nullable(),
    others: z.array(Id).optional(),
    encounter: z.int().nullable(),
    config: AlarmConfig,
    carried: z.array(Alarm).optional(),
  }),
  z.object({ type: z.literal('configured'), at: EpochMs, config: AlarmConfig }),
  /** From now on `device` is the source of the vital; the reading that follows was measured at `time` (H2). */
  z.object({
    type: z.literal('source'),
    at: EpochMs,
    vital: z.enum(VITAL_IDS as [VitalId, ...VitalId[]]),
    device: Id,
    time: EpochMs,
  }),
  /**
   * What changed about the device; `device` absent: the bed's first. Fields that did not change are left out. `missing`: how many sequence numbers have
   * not arrived.
   */
  z.object({
    type: z.literal('device'),
    at: EpochMs,
    device: Id.optional(),
    online: z.boolean().optional(),
    batteryPercent: z.number().nullable().optional(),
    clockOffsetMs: z.number().nullable().optional(),
    missing: z.int().optional(),
    /** By how much the device's clock was put forward, or back: later readings have times by the changed clock. */
    clockStepMs: z.number().optional(),
    /** How far apart the device's messages are expected to be; null: as good as continuously. */
    intervalMs: z.number().positive().nullable().optional(),
    /** The device comes only through a gateway, which is lost. */
    gatewayLost: z.boolean().optional(),
  }),
  /** A person recorded what the patient breathes. */
  z.object({ type: z.literal('oxygen'), at: EpochMs, by: Person, roomAir: z.boolean() }),
  z.object({
    type: z.literal('station'),
    at: EpochMs,
    journalShare: z.number().optional(),
    databaseAway: z.boolean().optional(),
  }),
  /** For how many beds a gateway is lost; 0: it is back, or there is none any more. */
  z.object({ type: z.literal('gateway'), at: EpochMs, gateway: Id, beds: z.int().nonnegative() }),
  ...AlarmAction.options,
]);
export type AlarmInput = z.infer<typeof AlarmInput>;

/** `value` is NaN when there is no value. `quality` is the place in `QUALITIES`. */
export type VitalReading = { readonly mdc: number; readonly value: number; readonly quality: number };

/**
 * Readings that were measured at one time. `time` is when they were measured, by the device's clock; `at` is when they
 * arrived, by the station's.
 */
export type VitalsEvent = {
  readonly type: 'vitals';
  readonly at: number;
  /** The device that sent them; absent: the bed's first. */
  readonly device?: string | undefined;
  readonly time: number;
  readonly readings: readonly VitalReading[];
};

/**
 * A tick carries nothing but the time. Any number of ticks, anywhere, changes neither what is decided nor for which
 * time (A2).
 */
export type TickEvent = { readonly type: 'tick'; readonly at: number };

export type EngineEvent = VitalsEvent | TickEvent | AlarmInput;
