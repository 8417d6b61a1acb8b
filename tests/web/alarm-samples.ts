import type { Alarm, Inactivation } from '#domain/alarms/alarm.ts';
import { signalOf } from '#domain/alarms/signal.ts';
import type { ActiveAlarm } from '../../web/shell/alarms/survey.ts';
import type { BedState } from '../../web/shell/live/state.ts';
import { DEVICE_LIMITS } from '../support/live-device.ts';

/** Alarms to be shown, for tests of the screens. */

export const ALARM_TIME = 1_800_000_000_000;

/** A low heart rate of medium priority that nobody has answered, with the given change. */
export const alarm = (change: Partial<Alarm>): Alarm => ({
  id: 'alarm-1',
  kind: 'heart-rate-low',
  condition: 'low-limit',
  vital: 'heart-rate',
  priority: 'medium',
  state: 'active',
  startedAt: ALARM_TIME - 5_000,
  decidedAt: ALARM_TIME,
  measuredAt: ALARM_TIME,
  receivedAt: ALARM_TIME,
  value: 48,
  limit: 50,
  worst: 46,
  recurrences: 0,
  acknowledged: null,
  config: { preset: 'adult', presetRevision: 2, unit: null, patient: null },
  ...change,
});

/** An audio pause of the whole bed, with the given change. */
export const inactivation = (change: Partial<Inactivation>): Inactivation => ({
  what: 'audio-paused',
  kind: null,
  by: 'Ann',
  since: ALARM_TIME,
  until: ALARM_TIME + 120_000,
  covered: [],
  ...change,
});

export const bedState = (change: Partial<BedState>): BedState => ({
  id: 'bed-1',
  unit: 'icu',
  label: 'ICU 1',
  patient: null,
  vitals: {},
  limits: {},
  deviceLimits: DEVICE_LIMITS,
  alarms: [],
  inactivations: [],
  ...change,
});

export const active = (of: Alarm, inactivations: readonly Inactivation[] = [], bed?: BedState): ActiveAlarm => ({
  alarm: of,
  bed,
  signal: signalOf(of, inactivations),
  twins: [],
});
