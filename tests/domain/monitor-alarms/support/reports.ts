import type { MonitorInput, MonitorStepEvent, ReportedAlarm, ReportedInput } from '#domain/monitor-alarms/alarm.ts';
import { stepMonitor } from '#domain/monitor-alarms/engine.ts';
import type { Phase } from '#domain/monitor-alarms/names.ts';
import { initialMonitorState, type MonitorState } from '#domain/monitor-alarms/state.ts';

export const DEVICE = 'monitor-1';

const NOT_TOLD = {
  event: null,
  code: null,
  text: null,
  priority: null,
  type: null,
  state: null,
  inactivation: null,
  source: null,
  value: null,
  unit: null,
  limits: null,
} as const;

/** An entry of a monitor: of a ventricular tachycardia, where nothing else is said. */
export const entryOf = (phase: Phase, told: Partial<ReportedAlarm> = {}): ReportedAlarm => ({
  ...NOT_TOLD,
  number: '1',
  phase,
  ...(phase === 'start' || phase === 'tpoint'
    ? { event: 'MDC_EVT_ECG_V_TACHY', text: '*** VTACH', priority: 'high', type: 'SP' }
    : {}),
  ...told,
});

export const reportOf = (
  at: number,
  alarms: readonly ReportedAlarm[],
  told: Partial<ReportedInput> = {},
): ReportedInput => ({
  type: 'reported',
  at,
  device: DEVICE,
  boot: 'b1',
  seq: at,
  time: at,
  late: false,
  snapshot: false,
  alarms: [...alarms],
  ...told,
});

export const OCCUPIED: MonitorInput = { type: 'occupied', at: 0, encounter: 1, devices: [DEVICE] };

/** Goes through the events one after the other, from an occupied bed on. */
export const runAll = (events: readonly MonitorStepEvent[], from: MonitorState = initialMonitorState('bed-1')) => {
  let state = stepMonitor(from, OCCUPIED).state;
  const happened = events.flatMap((event) => {
    const step = stepMonitor(state, event);
    state = step.state;
    return step.events;
  });
  return { state, happened, open: state.episodes.map(({ alarm }) => alarm) };
};

export const typesOf = (happened: ReturnType<typeof runAll>['happened']): string[] => happened.map(({ type }) => type);
