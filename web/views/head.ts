import type { LiveDevice, LiveDeviceLimits, LivePatient } from '#contracts/live.ts';
import type { Voice } from '../text/language.ts';

/** The top line of a tile: who lies here, and whether the device beside them is there. */
export type HeadView = {
  readonly unit: string;
  readonly label: string;
  readonly patient: string;
  readonly device: string;
  readonly deviceTone: 'good' | 'bad' | 'none';
  /** What a nurse should see to: battery, clock. */
  readonly warning: string;
};

const CJK = /^[\u3400-\u9fff]+$/;

/** `Maria Lopez` is `M. L.`; a name of Chinese characters keeps its first. */
export const initialsOf = (name: string): string => {
  if (CJK.test(name.replaceAll(/\s/g, ''))) return `${name.trim().slice(0, 1)}**`;
  const words = name.split(/\s+/).filter(Boolean);
  return words.map((word) => `${[...word][0]?.toUpperCase()}.`).join(' ');
};

const RANK: Readonly<Record<LiveDevice['state'], number>> = { offline: 0, unknown: 1, online: 2 };

/** Of several devices the one that is worst off. */
const worst = (devices: readonly LiveDevice[]): LiveDevice | undefined =>
  devices.toSorted((a, b) => RANK[a.state] - RANK[b.state])[0];

const deviceText = (device: LiveDevice | undefined, nowMs: number | undefined, voice: Voice): string => {
  const { text, percent, age } = voice;
  if (!device) return text.noDevice;
  if (device.state === 'online') {
    return device.battery === null ? text.deviceOnline : `${text.deviceOnline} ${percent(device.battery)}`;
  }
  if (device.state === 'unknown') return text.deviceUnknown;
  if (device.since === null || nowMs === undefined) return text.deviceOffline;
  return text.deviceOfflineFor(age(nowMs - device.since));
};

/** By the settings in force at the bed, as the alarm engine decides it. */
export const isBatteryLow = ({ battery }: Pick<LiveDevice, 'battery'>, { batteryLowPercent }: LiveDeviceLimits) =>
  battery !== null && battery < batteryLowPercent;

export const isClockOff = (
  { clockOffsetMs }: Pick<LiveDevice, 'clockOffsetMs'>,
  { clockToleranceMs }: LiveDeviceLimits,
) => clockOffsetMs !== null && Math.abs(clockOffsetMs) > clockToleranceMs;

const warningsOf = (device: LiveDevice, limits: LiveDeviceLimits, { text, percent, age }: Voice): string[] => [
  ...(isBatteryLow(device, limits) ? [text.battery(percent(device.battery ?? 0))] : []),
  ...(isClockOff(device, limits) ? [text.clockOff(age(Math.abs(device.clockOffsetMs ?? 0)))] : []),
];

type Bed = {
  readonly unitName: string;
  readonly label: string;
  readonly patient: LivePatient | null;
  readonly deviceLimits: LiveDeviceLimits;
};

/** `nowMs` is the server's time, undefined without a link: the state of a device is then not known either. */
export const headView = (
  bed: Bed,
  devices: readonly LiveDevice[],
  { nowMs, initials }: { nowMs: number | undefined; initials: boolean },
  voice: Voice,
): HeadView => {
  const device = worst(devices);
  const known = nowMs !== undefined;
  const name = bed.patient?.name;
  return {
    unit: bed.unitName,
    label: bed.label,
    patient: name === undefined ? voice.text.noPatient : initials ? initialsOf(name) : name,
    device: known ? deviceText(device, nowMs, voice) : '',
    deviceTone: !known || !device ? 'none' : device.state === 'online' ? 'good' : 'bad',
    warning: known ? devices.flatMap((each) => warningsOf(each, bed.deviceLimits, voice)).join(' · ') : '',
  };
};
