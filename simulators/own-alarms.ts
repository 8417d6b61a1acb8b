import type { MonitorAlarmInput } from '#contracts/mqtt/monitor-alarms.ts';
import type { Rhythm } from './scenarios/scenario.ts';

/** The alarms that a simulated monitor finds by itself and reports: rhythms, which the station does not analyse. */

type Found = Pick<MonitorAlarmInput, 'event' | 'text' | 'priority' | 'type' | 'source'>;

const FOUND: Readonly<Record<Exclude<Rhythm, 'sinus'>, Found>> = {
  vt: { event: 'MDC_EVT_ECG_V_TACHY', text: '*** VTACH', priority: 'high', type: 'SP', source: 'heart-rate' },
  vf: { event: 'MDC_EVT_ECG_V_FIB', text: '*** VFIB', priority: 'high', type: 'SP', source: 'heart-rate' },
  af: { event: 'MDC_EVT_ECG_ATR_FIB', text: '** AFIB', priority: 'medium', type: 'SP', source: 'heart-rate' },
  'lead-off': { event: 'MDC_EVT_LEAD_OFF', text: 'ECG LEAD OFF', priority: 'low', type: 'ST', source: 'heart-rate' },
};

const CONTINUE_EVERY_S = 5;

/** What a monitor says of its alarms; undefined: nothing. */
export type Told = { readonly snapshot?: true; readonly alarms: readonly MonitorAlarmInput[] };

export const createOwnAlarms = () => {
  let seconds = 0;
  let count = 0;
  let present: { readonly id: string; readonly rhythm: Exclude<Rhythm, 'sinus'>; readonly since: number } | undefined;

  const entry = (phase: MonitorAlarmInput['phase']): MonitorAlarmInput[] =>
    present
      ? [{ id: present.id, phase, state: phase === 'end' ? 'inactive' : 'active', ...FOUND[present.rhythm] }]
      : [];

  /** The old alarm ends, and a new one starts. */
  const change = (rhythm: Rhythm): MonitorAlarmInput[] => {
    const ended = entry('end');
    present = rhythm === 'sinus' ? undefined : { id: String(++count), rhythm, since: seconds };
    return [...ended, ...entry('start')];
  };

  return {
    /** Call once for each second. The first message after the monitor starts is a snapshot, most often of no alarm. */
    observe(rhythm: Rhythm): Told | undefined {
      const isFirst = seconds++ === 0;
      const isOther = (present?.rhythm ?? 'sinus') !== rhythm;
      const isDue = present !== undefined && (seconds - present.since) % CONTINUE_EVERY_S === 0;
      const alarms = isOther ? change(rhythm) : isDue ? entry('continue') : [];
      if (isFirst) return { snapshot: true, alarms };
      return alarms.length > 0 ? { alarms } : undefined;
    },
  };
};
