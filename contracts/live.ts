import { z } from 'zod';
import { AgeGroupSchema } from '#domain/age-group.ts';
import { Alarm, AlarmEvent, Inactivation } from '#domain/alarms/alarm.ts';
import { Id } from '#domain/id.ts';
import { MonitorAlarm, MonitorAlarmEvent } from '#domain/monitor-alarms/alarm.ts';
import { Quality } from '#domain/quality.ts';
import { DeviceRole } from '#domain/sources/roles.ts';
import { VITAL_IDS, type VitalId } from '#domain/vitals.ts';
import { WAVE_IDS, type WaveId } from '#domain/waveforms.ts';

/**
 * Frames of the live WebSocket `/api/v1/live`, JSON text, each with `type`. All times are epoch milliseconds.
 *
 * The `snapshot`, `vitals`, `device` and `alarm` frames of a unit share one increasing `seq`: a snapshot carries the
 * seq of the last change in it, and each change after it has a seq that is one higher. A seq counts within an `epoch`,
 * one life of the station. A screen that sees a gap, another epoch than that of its snapshot, or a heartbeat whose seq
 * it has not reached, subscribes again and is given a new snapshot.
 *
 * An `alarm` frame is never left out or merged, and must be applied at once even after a gap, because it holds
 * everything about the alarms of its bed. `wave` frames are counted by bed and need no new snapshot.
 */

const Seq = z.int().nonnegative();

/** Names one life of the part that counts the changes. What is known from another epoch is void. */
const Epoch = z.string().min(1).max(64);
const EpochMs = z.number();

/** A new subscription replaces the one before it and is answered by a snapshot of each unit. */
export const SubscribeFrame = z.object({
  type: z.literal('subscribe'),
  units: z.array(Id).max(64),
  /** Beds whose waveforms are wanted. */
  waves: z.array(Id).max(128).default([]),
});
export type SubscribeFrame = z.infer<typeof SubscribeFrame>;

/** The screen reports that it has drawn these alarms. */
export const ShownFrame = z.object({ type: z.literal('shown'), alarms: z.array(z.string().max(200)).min(1).max(500) });
export type ShownFrame = z.infer<typeof ShownFrame>;

export const ClientFrame = z.discriminatedUnion('type', [SubscribeFrame, ShownFrame]);
export type ClientFrame = z.infer<typeof ClientFrame>;

/**
 * The newest value of a vital. `time` is when it was measured, never later than when it arrived. A `value` of null
 * means that the sensor reports no value. `quality` is left out when it is good, and `source`, the device, at a bed with
 * one device.
 */
export const LatestValue = z.object({
  value: z.number().nullable(),
  time: EpochMs,
  quality: Quality.optional(),
  source: Id.optional(),
});
export type LatestValue = z.infer<typeof LatestValue>;

export const LatestVitals = z.partialRecord(z.enum(VITAL_IDS as [VitalId, ...VitalId[]]), LatestValue);
export type LatestVitals = z.infer<typeof LatestVitals>;

/**
 * Whether a value takes the place of the one that is known: the newer measurement does, and the same time again is a
 * correction. Another source has a clock of its own, so its value does in any case.
 */
export const replaces = (next: LatestValue, held: LatestValue | undefined): boolean =>
  !held || next.source !== held.source || next.time >= held.time;

/** By device: values of vitals of which another device at the bed is the source. */
export const LatestOthers = z.record(Id, LatestVitals);
export type LatestOthers = z.infer<typeof LatestOthers>;

export const LiveDevice = z.object({
  id: Id,
  role: DeviceRole,
  bed: Id.nullable(),
  /**
   * Since when data of the device is expected at the bed: since it was put there, or since the station started; null
   * without a bed.
   */
  bedSince: EpochMs.nullable(),
  /** `unknown` until the station has heard from the device since it knows it. */
  state: z.enum(['online', 'offline', 'unknown']),
  /** The gateway with which it went offline; left out when that is not so. */
  lostWith: Id.optional(),
  /** When the state last changed. */
  since: EpochMs.nullable(),
  battery: z.number().nullable(),
  /** Station clock minus device clock; null until the arrival delay has been steady for a while. */
  clockOffsetMs: z.number().nullable(),
  /** How far apart its messages are expected to be; null: it sends continuously. */
  intervalMs: z.number().nullable(),
  /** A longer interval that the device reported or that was observed, and that no person has confirmed. */
  intervalProposedMs: z.number().nullable(),
  /**
   * Which vital signs came lately at this bed: live ones; else only ones that were measured too long ago to be shown
   * (`late`); else only refused ones; else none.
   */
  data: z.enum(['live', 'late', 'refused', 'none']),
  /** When the last live vital signs came at this bed; sent whenever `data` changes. */
  lastLiveAt: EpochMs.nullable(),
});
export type LiveDevice = z.infer<typeof LiveDevice>;

export const LivePatient = z.object({ id: z.int(), name: z.string(), ageGroup: AgeGroupSchema });
export type LivePatient = z.infer<typeof LivePatient>;

export const LiveLimits = z.partialRecord(
  z.enum(VITAL_IDS as [VitalId, ...VitalId[]]),
  z.object({ low: z.number().nullable(), high: z.number().nullable() }),
);
export type LiveLimits = z.infer<typeof LiveLimits>;

/** Why the high limit of SpO2 is off: the patient breathes room air, as a device measures or a person recorded. */
export const HighSpo2Off = z.discriminatedUnion('because', [
  z.object({ because: z.literal('fio2'), fio2: z.number() }),
  z.object({ because: z.literal('room-air'), by: z.string(), at: EpochMs }),
]);

/**
 * What is known of the gas that the patient breathes. It is left out when nothing is known, and a high limit of SpO2 is
 * then in force.
 */
export const LiveOxygen = z.object({
  /** Who recorded that the patient breathes room air, and when. */
  roomAir: z.object({ by: z.string(), at: EpochMs }).nullable(),
  highSpo2Off: HighSpo2Off.nullable(),
});
export type LiveOxygen = z.infer<typeof LiveOxygen>;

/** The limits for a device at the bed, by the alarm settings in force there. */
export const LiveDeviceLimits = z.object({
  /** A battery with less charge than this, in percent, is low. */
  batteryLowPercent: z.number(),
  /** A device's clock that is farther off than this is wrong. */
  clockToleranceMs: z.number(),
});
export type LiveDeviceLimits = z.infer<typeof LiveDeviceLimits>;

export const LiveBed = z.object({
  id: Id,
  label: z.string(),
  patient: LivePatient.nullable(),
  vitals: LatestVitals,
  /** Limits in force; a vital without any is left out. */
  limits: LiveLimits,
  deviceLimits: LiveDeviceLimits,
  alarms: z.array(Alarm),
  inactivations: z.array(Inactivation),
  oxygen: LiveOxygen.optional(),
  /** Left out at a bed with one device. */
  others: LatestOthers.optional(),
  /** Alarms that monitors report; left out: none. */
  monitorAlarms: z.array(MonitorAlarm).optional(),
});
export type LiveBed = z.infer<typeof LiveBed>;

export const WelcomeFrame = z.object({
  type: z.literal('welcome'),
  time: EpochMs,
  heartbeatMs: z.int(),
  /** Changes when the server was upgraded: a screen then reloads itself. */
  version: z.string(),
  units: z.array(z.object({ id: Id, name: z.string() })),
});
export type WelcomeFrame = z.infer<typeof WelcomeFrame>;

export const SnapshotFrame = z.object({
  type: z.literal('snapshot'),
  unit: Id,
  name: z.string(),
  seq: Seq,
  epoch: Epoch,
  time: EpochMs,
  beds: z.array(LiveBed),
  devices: z.array(LiveDevice),
  /** Alarms of the station itself, the same in every unit. */
  stationAlarms: z.array(Alarm),
});
export type SnapshotFrame = z.infer<typeof SnapshotFrame>;

export const VitalsFrame = z.object({
  type: z.literal('vitals'),
  unit: Id,
  seq: Seq,
  epoch: Epoch,
  time: EpochMs,
  /** The vitals that changed, by bed. */
  beds: z.record(Id, LatestVitals),
  /** What changed of what other devices than the source measure, by bed. */
  others: z.record(Id, LatestOthers).optional(),
});
export type VitalsFrame = z.infer<typeof VitalsFrame>;

/** One block of waveforms of one bed. `time` is that of the first sample; `null` is a missing sample. */
export const WaveFrame = z.object({
  type: z.literal('wave'),
  unit: Id,
  bed: Id,
  seq: Seq,
  waves: z.partialRecord(
    z.enum(WAVE_IDS as [WaveId, ...WaveId[]]),
    z.object({ time: EpochMs, rate: z.number(), samples: z.array(z.number().nullable()) }),
  ),
});
export type WaveFrame = z.infer<typeof WaveFrame>;

export const DeviceFrame = z.object({
  type: z.literal('device'),
  unit: Id,
  seq: Seq,
  epoch: Epoch,
  time: EpochMs,
  device: LiveDevice,
});
export type DeviceFrame = z.infer<typeof DeviceFrame>;

/**
 * `bed` null: the alarms are those of the station itself. `alarms` and `inactivations` are all that there are now, and
 * `events` are what happened.
 */
export const AlarmFrame = z.object({
  type: z.literal('alarm'),
  unit: Id,
  seq: Seq,
  epoch: Epoch,
  time: EpochMs,
  bed: Id.nullable(),
  events: z.array(AlarmEvent),
  alarms: z.array(Alarm),
  inactivations: z.array(Inactivation),
  oxygen: LiveOxygen.optional(),
  /** The alarms that monitors report, all that there are now, and what happened to them; left out: none, nothing. */
  monitorAlarms: z.array(MonitorAlarm).optional(),
  monitorEvents: z.array(MonitorAlarmEvent).optional(),
});
export type AlarmFrame = z.infer<typeof AlarmFrame>;

/** Sent every second. `seq` and `epoch` name the last change of each subscribed unit. */
export const HeartbeatFrame = z.object({
  type: z.literal('heartbeat'),
  time: EpochMs,
  seq: z.record(Id, Seq),
  epoch: z.record(Id, Epoch),
});
export type HeartbeatFrame = z.infer<typeof HeartbeatFrame>;

export const ErrorFrame = z.object({ type: z.literal('error'), reason: z.string(), detail: z.string() });
export type ErrorFrame = z.infer<typeof ErrorFrame>;

export const ServerFrame = z.discriminatedUnion('type', [
  WelcomeFrame,
  SnapshotFrame,
  VitalsFrame,
  WaveFrame,
  DeviceFrame,
  AlarmFrame,
  HeartbeatFrame,
  ErrorFrame,
]);
export type ServerFrame = z.infer<typeof ServerFrame>;

export const HEARTBEAT_MS = 1_000;

/**
 * A screen that has received nothing for this long has lost its link. The 200 ms below three heartbeats leave time to
 * show this.
 */
export const LINK_LOST_AFTER_MS = 3 * HEARTBEAT_MS - 200;
