import type { LiveDevice, LivePatient } from '#contracts/live.ts';
import type { Inactivation } from '#domain/alarms/alarm.ts';
import { isUnwatched, MONITORING, type Monitoring, monitoringOf } from '#domain/monitoring.ts';
import type { Voice } from '../shell/text/language.ts';

/**
 * How a bed is watched, to be told apart at a glance. `unwatched`: somebody may rely on it, and nothing would alarm.
 * `unknown`: the link is lost, and nobody can say.
 */
export type WatchLook = 'watched' | 'spot' | 'waiting' | 'standby' | 'empty' | 'unwatched' | 'unknown';

export type WatchView = {
  readonly look: WatchLook;
  /** Empty where there is nothing to be said. */
  readonly title: string;
  readonly detail: string;
};

export const NOT_KNOWN: WatchView = { look: 'unknown', title: '', detail: '' };

const LOOKS: Partial<Record<Monitoring, WatchLook>> = {
  monitored: 'watched',
  spot: 'spot',
  waiting: 'waiting',
  standby: 'standby',
  empty: 'empty',
};

type Bed = {
  readonly patient: LivePatient | null;
  readonly devices: readonly LiveDevice[];
  /** Those in force. */
  readonly inactivations: readonly Inactivation[];
};

const detailOf = (monitoring: Monitoring, intervalMs: number | null, { text, age }: Voice): string => {
  if (monitoring === 'spot' && intervalMs !== null) return text.every(age(intervalMs));
  return text.watchHelp[monitoring];
};

/** Where there are several devices, one that is heard is enough. */
const monitoringOfBed = ({ patient, devices, inactivations }: Bed, nowMs: number) => {
  const isStandby = inactivations.some(({ what }) => what === 'standby');
  const each = (device: LiveDevice | undefined) => ({
    device,
    monitoring: monitoringOf({ hasPatient: patient !== null, device, isStandby }, nowMs),
  });
  const found = devices.map(each);
  return found.find(({ monitoring }) => !isUnwatched(monitoring)) ?? found[0] ?? each(undefined);
};

export const watchView = (bed: Bed, nowMs: number | undefined, voice: Voice): WatchView => {
  if (nowMs === undefined) return NOT_KNOWN;
  const { monitoring, device } = monitoringOfBed(bed, nowMs);
  const look = LOOKS[monitoring] ?? 'unwatched';
  if (look === 'watched') return { look, title: '', detail: '' };
  const words = MONITORING[monitoring].label[voice.language];
  const detail = detailOf(monitoring, device?.intervalMs ?? null, voice);
  if (look !== 'unwatched') return { look, title: words, detail };
  return { look, title: voice.text.notWatched, detail: [words, detail].filter(Boolean).join('. ') };
};
