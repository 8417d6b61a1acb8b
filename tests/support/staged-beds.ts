import type { LiveBed, LiveDevice } from '#contracts/live.ts';
import type { Alarm, Inactivation } from '#domain/alarms/alarm.ts';
import { PRESETS } from '#domain/alarms/settings.ts';
import type { MonitorAlarm } from '#domain/monitor-alarms/alarm.ts';
import { DEVICE_LIMITS } from './live-device.ts';
import type { StagedUnit } from './staged-ward.ts';

/** Beds in every state that a screen has a look of its own for, with the widest numbers and the longest words there are. */

const MINUTE = 60_000;

const alarm = (bed: string, change: Partial<Alarm>): Alarm => ({
  id: `${bed} ${change.kind ?? 'heart-rate-high'}`,
  kind: 'heart-rate-high',
  condition: 'extreme-tachycardia',
  vital: 'heart-rate',
  priority: 'high',
  state: 'active',
  startedAt: Date.now() - 10_000,
  decidedAt: Date.now() - 5_000,
  measuredAt: Date.now() - 5_000,
  receivedAt: Date.now() - 5_000,
  value: 250,
  limit: 140,
  worst: 250,
  recurrences: 0,
  acknowledged: null,
  config: PRESETS.adult.version,
  ...change,
});

const monitorAlarm = (bed: string, change: Partial<MonitorAlarm>): MonitorAlarm => ({
  id: `${bed} ${change.event}`,
  origin: 'monitor',
  kind: 'reported',
  device: `mon-${bed}`,
  boot: 'b1',
  number: '1',
  event: 'MDC_EVT_ECG_V_TACHY_RUN',
  code: null,
  text: '*** VTACH RUN',
  vital: 'heart-rate',
  twin: null,
  priority: 'high',
  isPriorityAssumed: false,
  type: 'SP',
  state: 'active',
  phase: 'start',
  monitorState: 'active',
  inactivation: 'enabled',
  source: 'heart-rate',
  value: 250,
  unit: '/min',
  limits: [100, 200],
  startedAt: Date.now() - 10_000,
  decidedAt: Date.now() - 5_000,
  raisedAt: Date.now() - 5_000,
  unconfirmed: null,
  recurrences: 0,
  acknowledged: null,
  ...change,
});

const inactivation = (change: Partial<Inactivation>): Inactivation => ({
  what: 'audio-paused',
  kind: null,
  by: 'Ann',
  since: Date.now(),
  until: Date.now() + 10 * MINUTE,
  covered: [],
  ...change,
});

/** High and medium alarms of four places at once. */
const alarmsOf = (bed: string, change: Partial<Alarm> = {}): Alarm[] => [
  alarm(bed, change),
  alarm(bed, {
    kind: 'spo2-low',
    condition: 'desaturation',
    vital: 'spo2',
    limit: 80,
    worst: 71,
    ...change,
  }),
  alarm(bed, {
    kind: 'abp-systolic-high',
    condition: 'high-limit',
    vital: 'abp-systolic',
    priority: 'medium',
    limit: 160,
    worst: 250,
    ...change,
  }),
  alarm(bed, {
    kind: 'temperature-high',
    condition: 'high-limit',
    vital: 'temperature',
    priority: 'medium',
    limit: 39,
    worst: 40.1,
    ...change,
  }),
  alarm(bed, {
    kind: 'respiratory-rate-signal',
    condition: 'signal-poor',
    vital: 'respiratory-rate',
    priority: 'low',
    limit: null,
    worst: null,
    ...change,
  }),
];

/** Widest values, measured so long ago. `cuffAgeMs`: of what is measured now and then. */
const vitalsOf = (ageMs: number, cuffAgeMs = ageMs): LiveBed['vitals'] => {
  const time = Date.now() - ageMs;
  return {
    'heart-rate': { value: 250, time },
    spo2: { value: 100, time },
    'respiratory-rate': { value: 120, time },
    'abp-systolic': { value: 250, time },
    'abp-diastolic': { value: 180, time },
    'abp-mean': { value: 203, time },
    'nibp-systolic': { value: 250, time: Date.now() - cuffAgeMs },
    temperature: { value: 40.1, time: Date.now() - cuffAgeMs },
    etco2: { value: 120, time },
  };
};

const LIMITS: LiveBed['limits'] = {
  'heart-rate': { low: 100, high: 200 },
  spo2: { low: 90, high: 100 },
  'respiratory-rate': { low: 20, high: 100 },
  'abp-systolic': { low: 90, high: 160 },
  temperature: { low: 35.5, high: 39.5 },
  etco2: { low: 25, high: 60 },
};

type Look = (bed: string) => Partial<LiveBed>;

const answered = { acknowledged: { by: 'Ann', at: Date.now() } };

export const LOOKS = {
  calm: () => ({}),
  active: (bed) => ({ alarms: alarmsOf(bed) }),
  latched: (bed) => ({ alarms: alarmsOf(bed, { state: 'latched' }) }),
  acknowledged: (bed) => ({ alarms: alarmsOf(bed, answered) }),
  reported: (bed) => ({
    alarms: alarmsOf(bed).slice(1),
    monitorAlarms: [
      monitorAlarm(bed, { unconfirmed: 'continues' }),
      monitorAlarm(bed, { event: 'MDC_EVT_DESAT', vital: 'spo2', twin: 'spo2-low' }),
      monitorAlarm(bed, { event: null, text: 'BIGEMINY', priority: 'low', state: 'latched' }),
    ],
  }),
  paused: (bed) => ({
    alarms: alarmsOf(bed),
    inactivations: [inactivation({}), inactivation({ what: 'alarm-paused' })],
  }),
  off: (bed) => ({
    alarms: alarmsOf(bed).slice(2),
    inactivations: [
      inactivation({ what: 'alarm-off', kind: 'heart-rate-low', until: null }),
      inactivation({ what: 'alarm-off', kind: 'spo2-low', until: null }),
    ],
  }),
  uncertain: (bed) => {
    const vitals = vitalsOf(12_000, 40 * MINUTE);
    const doubtful = Object.entries(vitals).map(([id, latest]) => [id, { ...latest, quality: 'questionable' }]);
    return { alarms: alarmsOf(bed), vitals: Object.fromEntries(doubtful) };
  },
  old: (bed) => ({ alarms: alarmsOf(bed), vitals: vitalsOf(12_000, 40 * MINUTE) }),
  stale: (bed) => ({ alarms: alarmsOf(bed), vitals: vitalsOf(29_000, 90 * MINUTE) }),
  'no data': () => ({ vitals: {} }),
  empty: () => ({ vitals: {}, patient: null }),
  'no device': () => ({ vitals: {} }),
  standby: () => ({ vitals: {}, inactivations: [inactivation({ what: 'standby', until: null })] }),
  'not heard': () => ({ vitals: {} }),
  refused: (bed) => ({
    vitals: vitalsOf(29_000, 5 * MINUTE),
    alarms: [alarm(bed, { kind: 'device-data', condition: 'not-monitored', vital: null, priority: 'medium' })],
  }),
  spot: () => ({ vitals: vitalsOf(40_000, 5 * MINUTE) }),
} as const satisfies Record<string, Look>;

export type LookName = keyof typeof LOOKS;
export const LOOK_NAMES = Object.keys(LOOKS) as LookName[];

const NAMES = ['Maria Lopez Gutierrez', '王小明', 'Anna Katharina von Hohenberg'];

export const stagedBed = (place: number, look: LookName): LiveBed => {
  const id = `bed-${place + 1}`;
  return {
    id,
    label: `ICU ${place + 1}`,
    patient: { id: place + 1, name: NAMES[place % NAMES.length] ?? '', ageGroup: 'adult' },
    vitals: vitalsOf(500, 5 * MINUTE),
    limits: LIMITS,
    deviceLimits: DEVICE_LIMITS,
    alarms: [],
    inactivations: [],
    ...LOOKS[look](id),
  };
};

export const stagedDevice = (bed: string, change: Partial<LiveDevice> = {}): LiveDevice => ({
  id: `mon-${bed}`,
  role: 'monitor',
  bed,
  bedSince: Date.now() - 10 * MINUTE,
  state: 'online',
  since: Date.now() - MINUTE,
  battery: 15,
  clockOffsetMs: 0,
  intervalMs: null,
  intervalProposedMs: null,
  data: 'live',
  lastLiveAt: Date.now(),
  ...change,
});

/** What the device of a bed with that look is like; null: the bed has no device. */
const DEVICES: Partial<Record<LookName, Partial<LiveDevice> | null>> = {
  'no data': { data: 'none', lastLiveAt: null, bedSince: Date.now() },
  empty: null,
  'no device': null,
  standby: { data: 'none', state: 'offline' },
  'not heard': { data: 'none', lastLiveAt: null },
  refused: { data: 'refused' },
  stale: { data: 'none', lastLiveAt: Date.now() - 29_000 },
  spot: { intervalMs: MINUTE },
};

/** So many beds, one look after the other. */
export const stagedUnit = (count: number, looks: readonly LookName[] = LOOK_NAMES): StagedUnit => {
  const places = Array.from({ length: count }, (_, place) => ({ place, look: looks[place % looks.length] ?? 'calm' }));
  const beds = places.map(({ place, look }) => stagedBed(place, look));
  const devices = places.flatMap(({ place, look }) => {
    const change = DEVICES[look];
    const bed = beds[place];
    return change === null || !bed ? [] : [stagedDevice(bed.id, change)];
  });
  return { id: 'icu', name: 'Intensive care', beds, devices };
};
