import { isSpot, unheardAfterMs } from './interval.ts';

/**
 * How a bed is watched, found from its part of a snapshot, in the same words on every screen. A bed that looks calm
 * because no data comes in must not look like one whose patient is well.
 */

type MonitoringEntry = {
  /** True when somebody may rely on this bed although nothing would alarm. */
  readonly isUnwatched: boolean;
  readonly label: { readonly en: string; readonly zh: string };
};

export const MONITORING = {
  empty: { isUnwatched: false, label: { en: 'Empty', zh: '空床' } },
  'no-device': { isUnwatched: true, label: { en: 'No device', zh: '未连接设备' } },
  standby: { isUnwatched: false, label: { en: 'Standby', zh: '待机' } },
  /** The first message of the device may still come. */
  waiting: { isUnwatched: false, label: { en: 'Waiting for data', zh: '等待数据' } },
  'not-heard': { isUnwatched: true, label: { en: 'No data since connected', zh: '连接后无数据' } },
  late: { isUnwatched: true, label: { en: 'Data late: not monitored', zh: '数据延迟：未监护' } },
  refused: { isUnwatched: true, label: { en: 'Data refused: not monitored', zh: '数据被拒绝：未监护' } },
  lost: { isUnwatched: true, label: { en: 'No data', zh: '无数据' } },
  spot: { isUnwatched: false, label: { en: 'Spot readings', zh: '间断测量' } },
  monitored: { isUnwatched: false, label: { en: 'Monitored', zh: '监护中' } },
} as const satisfies Record<string, MonitoringEntry>;

export type Monitoring = keyof typeof MONITORING;

export const isUnwatched = (monitoring: Monitoring): boolean => MONITORING[monitoring].isUnwatched;

/** A device that has sent nothing at its bed for this long is not expected to begin by itself. */
export const NOT_HEARD_AFTER_MS = 60_000;

/** What is known of the device at a bed. Times are epoch milliseconds. */
export type DeviceLife = {
  readonly state: 'online' | 'offline' | 'unknown';
  /** How far apart its messages are expected to be; null: it sends continuously. */
  readonly intervalMs: number | null;
  /** Since when data of the device is expected at this bed. */
  readonly bedSince: number | null;
  /** Which vital signs came lately: live ones, only late ones, only refused ones, or none. */
  readonly data: 'live' | 'late' | 'refused' | 'none';
  readonly lastLiveAt: number | null;
};

export type MonitoringFacts = {
  readonly hasPatient: boolean;
  readonly device: DeviceLife | undefined;
  /** Whether the bed is on standby: nobody expects data of it for now. */
  readonly isStandby: boolean;
};

/** How a bed is watched whose device has sent no vital signs lately. */
const unheard = ({ bedSince, lastLiveAt, intervalMs }: DeviceLife, nowMs: number): Monitoring => {
  if (lastLiveAt !== null) return 'lost';
  const notHeardAfterMs = Math.max(NOT_HEARD_AFTER_MS, unheardAfterMs(intervalMs));
  return bedSince !== null && nowMs - bedSince >= notHeardAfterMs ? 'not-heard' : 'waiting';
};

/**
 * How a bed is watched whose vital signs are live. A device that gives spot readings may end its connection between two
 * messages, so its state does not count.
 */
const heard = ({ state, intervalMs }: DeviceLife): Monitoring => {
  if (isSpot(intervalMs)) return 'spot';
  return state === 'offline' ? 'lost' : 'monitored';
};

export const monitoringOf = ({ hasPatient, device, isStandby }: MonitoringFacts, nowMs: number): Monitoring => {
  if (!hasPatient && !device) return 'empty';
  if (isStandby) return 'standby';
  if (!device) return 'no-device';
  if (device.data === 'none') return unheard(device, nowMs);
  return device.data === 'live' ? heard(device) : device.data;
};
