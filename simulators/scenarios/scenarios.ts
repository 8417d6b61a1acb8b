import type { Scenario } from './scenario.ts';

const SECOND = 1 / 60;

/** What can happen to a simulated patient, as tables over time in minutes. */
export const SCENARIOS = {
  stable: {
    summary: 'rests',
    rows: [{ minute: 0 }],
  },
  sepsis: {
    summary: 'over six hours heart and breathing rate and temperature rise, then pressure and perfusion fall',
    rows: [
      { minute: 0 },
      {
        minute: 60,
        times: { heartRate: 1.12, respiratoryRate: 1.15, variability: 0.8 },
        plus: { temperature: 0.8 },
      },
      {
        minute: 180,
        times: {
          heartRate: 1.35,
          respiratoryRate: 1.5,
          variability: 0.5,
          systolic: 0.9,
          diastolic: 0.86,
          perfusion: 0.8,
        },
        plus: { temperature: 2, spo2: -2, etco2: -5 },
      },
      {
        minute: 360,
        times: {
          heartRate: 1.6,
          respiratoryRate: 2,
          variability: 0.3,
          systolic: 0.68,
          diastolic: 0.62,
          perfusion: 0.35,
        },
        plus: { temperature: 2.5, spo2: -6, etco2: -10, cvp: -3 },
      },
    ],
  },
  desaturation: {
    summary: 'every 15 minutes saturation falls to the low eighties within two minutes and recovers',
    rows: [
      { minute: 0 },
      { minute: 3 },
      { minute: 5, times: { respiratoryRate: 0.6, heartRate: 1.12 }, plus: { spo2: -14, etco2: 8 } },
      { minute: 6.5, times: { respiratoryRate: 1.3, heartRate: 1.2 }, plus: { spo2: -15, etco2: 5 } },
      { minute: 9, times: { respiratoryRate: 1.1, heartRate: 1.05 }, plus: { spo2: -2, etco2: 0 } },
      { minute: 11, times: { respiratoryRate: 1, heartRate: 1 }, plus: { spo2: 0 } },
    ],
    repeatsAfterMinutes: 15,
  },
  dips: {
    summary: 'saturation falls to about 78 every 40 seconds, each time for less than ten seconds',
    rows: [
      { minute: 0 },
      { minute: 10 * SECOND },
      { minute: 10.5 * SECOND, plus: { spo2: -30 } },
      { minute: 15 * SECOND },
      { minute: 15.5 * SECOND, plus: { spo2: 0 } },
    ],
    repeatsAfterMinutes: 40 * SECOND,
  },
  pulseless: {
    summary:
      'after two minutes the ECG goes on without a pulse for one minute; again every 20. It is seen where there is an arterial line',
    rows: [
      { minute: 0 },
      { minute: 2 },
      { minute: 2 + 5 * SECOND, times: { systolic: 0.45, diastolic: 0.7, perfusion: 0 } },
      { minute: 3, times: { systolic: 0.45, diastolic: 0.7, perfusion: 0 } },
      { minute: 3 + 5 * SECOND, times: { systolic: 1, diastolic: 1, perfusion: 1 } },
    ],
    repeatsAfterMinutes: 20,
  },
  tachycardia: {
    summary: 'after two minutes the heart runs at twice its rate, without variability, for six minutes; again every 20',
    rows: [
      { minute: 0 },
      { minute: 2 },
      {
        minute: 2 + 10 * SECOND,
        times: { heartRate: 1.95, variability: 0.1, systolic: 0.82, diastolic: 0.95, perfusion: 0.6 },
      },
      {
        minute: 8,
        times: { heartRate: 1.9, variability: 0.1, systolic: 0.78, diastolic: 0.92, perfusion: 0.5 },
      },
      {
        minute: 8 + 5 * SECOND,
        times: { heartRate: 1.1, variability: 1, systolic: 1, diastolic: 1, perfusion: 1 },
      },
      { minute: 12, times: { heartRate: 1 } },
    ],
    repeatsAfterMinutes: 20,
  },
  asystole: {
    summary: 'after three minutes the heart slows and stands still; breathing follows within a minute',
    rows: [
      { minute: 0 },
      { minute: 3 },
      { minute: 3.5, times: { heartRate: 0.5, systolic: 0.75, diastolic: 0.7, perfusion: 0.5 } },
      {
        minute: 3.5 + SECOND,
        times: { heartRate: 0, systolic: 0.2, diastolic: 0.25, perfusion: 0.05, respiratoryRate: 0.5, etco2: 0.6 },
      },
      {
        minute: 4.25,
        times: { respiratoryRate: 0.3, systolic: 0.1, diastolic: 0.12, etco2: 0.3 },
        plus: { spo2: -20 },
      },
      { minute: 4.25 + SECOND, times: { respiratoryRate: 0, etco2: 0.1 } },
    ],
  },
  'probe-off': {
    summary: 'the saturation probe falls off after one minute and is put back after five; again every ten',
    rows: [
      { minute: 0, spo2Probe: 'on' },
      { minute: 1, spo2Probe: 'off' },
      { minute: 6, spo2Probe: 'on' },
    ],
    repeatsAfterMinutes: 10,
  },
  arrhythmia: {
    summary:
      'the monitor itself reports a lead that is off, atrial fibrillation, a ventricular tachycardia and fibrillation; again every six minutes',
    rows: [
      { minute: 0, rhythm: 'sinus' },
      { minute: 20 * SECOND, rhythm: 'lead-off' },
      { minute: 40 * SECOND, rhythm: 'sinus' },
      { minute: 1, rhythm: 'af', times: { variability: 3 } },
      { minute: 3, rhythm: 'sinus', times: { variability: 1 } },
      { minute: 3.5, rhythm: 'vt', times: { heartRate: 2, systolic: 0.7, perfusion: 0.5 } },
      { minute: 4, rhythm: 'vf', times: { heartRate: 3, systolic: 0.3, diastolic: 0.3, perfusion: 0.05 } },
      { minute: 4.5, rhythm: 'sinus', times: { heartRate: 1, systolic: 1, diastolic: 1, perfusion: 1 } },
    ],
    repeatsAfterMinutes: 6,
  },
  frozen: {
    summary: 'after two minutes the monitor sends its last numbers again and again, for eight minutes; again every 15',
    rows: [
      { minute: 0, numbers: 'live' },
      { minute: 2, numbers: 'frozen' },
      { minute: 10, numbers: 'live' },
    ],
    repeatsAfterMinutes: 15,
  },
  artefact: {
    summary: 'the patient moves for half of every four minutes: noisy signals, doubtful numbers',
    rows: [
      { minute: 0, noise: 0 },
      { minute: 1, noise: 0 },
      { minute: 1.2, noise: 0.8 },
      { minute: 3, noise: 0.6 },
      { minute: 3.2, noise: 0 },
    ],
    repeatsAfterMinutes: 4,
  },
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;

export const SCENARIO_NAMES = Object.keys(SCENARIOS) as [ScenarioName, ...ScenarioName[]];

export const scenario = (name: ScenarioName): Scenario => SCENARIOS[name];

/** A ward at work: most patients rest. Beds take these in turn. */
export const MIXED_WARD: readonly [ScenarioName, ...ScenarioName[]] = [
  'stable',
  'stable',
  'desaturation',
  'stable',
  'tachycardia',
  'stable',
  'stable',
  'probe-off',
  'stable',
  'sepsis',
  'stable',
  'stable',
  'artefact',
  'stable',
  'stable',
  'stable',
];
