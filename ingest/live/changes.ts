import type { LiveDevice, LiveOxygen } from '#contracts/live.ts';
import type { Alarm, AlarmEvent, Inactivation } from '#domain/alarms/alarm.ts';
import type { MonitorAlarm, MonitorAlarmEvent } from '#domain/monitor-alarms/alarm.ts';

/** What changed of a device; what is left out did not. */
export type DeviceChange = {
  readonly state?: LiveDevice['state'];
  readonly lostWith?: LiveDevice['lostWith'];
  readonly battery?: number | null;
  readonly clockOffsetMs?: number | null;
  readonly intervalMs?: number | null;
  readonly intervalProposedMs?: number | null;
  readonly data?: LiveDevice['data'];
  readonly lastLiveAt?: number | null;
};

/** What happened to the alarms of a bed, and all there now are. */
export type AlarmChange = {
  readonly events: readonly AlarmEvent[];
  readonly alarms: readonly Alarm[];
  readonly inactivations: readonly Inactivation[];
  readonly oxygen?: LiveOxygen | undefined;
};

/** What happened to the alarms that monitors report of a bed, and all there now are. */
export type MonitorChange = {
  readonly events: readonly MonitorAlarmEvent[];
  readonly alarms: readonly MonitorAlarm[];
};
