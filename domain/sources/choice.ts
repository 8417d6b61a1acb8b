import type { AlarmConfig } from '../alarms/settings.ts';
import { IS_CONTINUOUS, validForMs } from '../alarms/validity.ts';
import { VITAL_IDS, type VitalId } from '../vitals.ts';
import { DEVICE_ROLES, type DeviceRole } from './roles.ts';

/**
 * Which of the devices at a bed a vital comes from (section 4, H1 to H6, of docs/alarms-spec.md). It is asked with each value of a
 * device that is not the source, so the device that takes over is always one that has just sent a usable value.
 */

const SECOND = 1_000;

/** The roles whose value of the vital is preferred where the settings name none; the others follow in their order. */
const PREFERRED: Readonly<Partial<Record<VitalId, readonly DeviceRole[]>>> = {
  'respiratory-rate': ['ventilator'],
  fio2: ['ventilator'],
  'nibp-systolic': ['monitor', 'cuff'],
  'nibp-diastolic': ['monitor', 'cuff'],
  'nibp-mean': ['monitor', 'cuff'],
  spo2: ['monitor', 'oximeter'],
  'pulse-rate': ['monitor', 'oximeter'],
  'perfusion-index': ['monitor', 'oximeter'],
};

/** The roles in the order in which their values of the vital are preferred. */
export const sourceOrder = (id: VitalId, { vitals }: Pick<AlarmConfig, 'vitals'>): readonly DeviceRole[] => {
  const first = vitals[id].sources ?? PREFERRED[id] ?? [];
  return [...first, ...DEVICE_ROLES.filter((role) => !first.includes(role))];
};

/**
 * [?] A source whose newest usable value of an intermittent vital is older than this gives way to any device that has
 * measured since: the last blood pressure counts, whoever took it.
 */
const INTERMITTENT_AFTER_MS = 60 * SECOND;

/** [?] How long a preferred device must have had usable values before it takes a continuous vital from another. */
const PREFERRED_AFTER_MS = 10 * SECOND;

/**
 * For how long a source may be without a usable value of the vital before another device takes over: half of the time
 * for which the value stays valid, so that a value is never blank while another device has one.
 */
export const failedAfterMs = (index: number, config: AlarmConfig, intervalMs: number | null): number => {
  const id = VITAL_IDS[index];
  if (!id || !IS_CONTINUOUS[index]) return INTERMITTENT_AFTER_MS;
  return validForMs(id, config, intervalMs) / 2;
};

/** Since when a device has had usable values of a vital, and when the newest arrived. */
export type Usable = { readonly since: number; readonly at: number };

/** `failedMs`: after such a gap the device counts as new. */
export const noteUsable = (known: Usable | undefined, at: number, failedMs: number): Usable => ({
  since: known && at - known.at <= failedMs ? known.since : at,
  at,
});

export type Rivals = {
  readonly at: number;
  readonly isContinuous: boolean;
  /** The present source: how much it is preferred, the lowest most; when its newest usable value arrived. */
  readonly source: { readonly rank: number; readonly usableAt: number; readonly failedMs: number };
  readonly candidate: { readonly rank: number; readonly since: number };
};

/** Whether the candidate, which has just sent a usable value, takes over (H2, H3). */
export const takesOver = ({ at, isContinuous, source, candidate }: Rivals): boolean => {
  if (at - source.usableAt > source.failedMs) return true;
  return candidate.rank < source.rank && at - candidate.since >= (isContinuous ? PREFERRED_AFTER_MS : 0);
};
