import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { VitalReading } from '#domain/alarms/alarm.ts';
import { step } from '#domain/alarms/engine.ts';
import { PRESETS } from '#domain/alarms/settings.ts';
import { type AlarmState, initialState, openAlarms } from '#domain/alarms/state.ts';
import { type VitalId, vital } from '#domain/vitals.ts';
import type { Row } from '../support/row.ts';

/** What a bed with an arterial line sends each second; inside the limits of an adult. */
const MESSAGE: Readonly<Partial<Record<VitalId, number>>> = {
  'heart-rate': 72,
  'pulse-rate': 71,
  spo2: 97,
  'respiratory-rate': 15,
  'abp-systolic': 121,
  'abp-diastolic': 71,
  'abp-mean': 88,
  temperature: 37.1,
};
const VITALS_A_MESSAGE = Object.keys(MESSAGE).length;
const BUDGET_MICROSECONDS = 2;
const STATE_BEDS = 10_000;
/** Steps between two looks at the clock. */
const CHUNK = 1_000;
const SECOND_MS = 1_000;

const readingsOf = (values: Readonly<Partial<Record<VitalId, number>>>): VitalReading[] =>
  Object.entries(values).map(([id, value]) => ({ mdc: vital(id as VitalId).mdc, value, quality: 0 }));

/** `calm`: nothing alarms, and the heart rate changes as that of a device that measures. `crisis`: every limit vital of the heart and the lungs is past its limits and then inside again, minute by minute. */
const SCRIPTS = {
  calm: [readingsOf(MESSAGE), readingsOf({ ...MESSAGE, 'heart-rate': 73 })],
  crisis: [
    ...Array.from({ length: 30 }, () =>
      readingsOf({
        ...MESSAGE,
        'heart-rate': 130,
        'pulse-rate': 131,
        spo2: 84,
        'respiratory-rate': 5,
        'abp-systolic': 70,
        'abp-mean': 41,
      }),
    ),
    ...Array.from({ length: 30 }, () => readingsOf(MESSAGE)),
  ],
} as const;
type Script = (typeof SCRIPTS)[keyof typeof SCRIPTS];

/** Steps of many beds in turn, as the station takes them: their states do not stay in the processor's cache. */
const runSteps = (script: Script, beds: number, seconds: number) => {
  const states = Array.from({ length: beds }, (_, bed) => initialState(`bed-${bed}`));
  let second = 0;
  let events = 0;
  const chunk = () => {
    for (let count = 0; count < CHUNK; count++, second++) {
      const bed = second % beds;
      const at = 1_700_000_000_000 + Math.floor(second / beds) * SECOND_MS;
      const readings = script[Math.floor(second / beds) % script.length] ?? [];
      const result = step(
        states[bed] ?? initialState('none'),
        { type: 'vitals', at, time: at, readings },
        PRESETS.adult,
      );
      states[bed] = result.state;
      events += result.events.length;
    }
  };
  const until = (ms: number): { steps: number; tookMs: number } => {
    const [from, first] = [performance.now(), second];
    while (performance.now() - from < ms) chunk();
    return { steps: second - first, tookMs: performance.now() - from };
  };
  until(1_000);
  events = 0;
  const { steps, tookMs } = until(seconds * 1_000);
  return { microseconds: (tookMs * 1_000) / (steps * VITALS_A_MESSAGE), steps, events };
};

const collectGarbage = (): void => {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
};

/** Heap that the states of a ward keep, some of them with an open alarm. */
const measureState = () => {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const states: AlarmState[] = [];
  for (let bed = 0; bed < STATE_BEDS; bed++) {
    const readings = readingsOf(bed % 20 === 0 ? { ...MESSAGE, spo2: 84 } : MESSAGE);
    let state = initialState(`bed-${bed}`);
    for (let second = 0; second < 12; second++) {
      const at = 1_700_000_000_000 + second * SECOND_MS;
      state = step(state, { type: 'vitals', at, time: at, readings }, PRESETS.adult).state;
    }
    states.push(state);
  }
  collectGarbage();
  const heapBytes = process.memoryUsage().heapUsed - before;
  const [calm, alarmed] = [states[1], states[0]];
  return {
    heapBytes,
    jsonBytes: { calm: JSON.stringify(calm).length, withAlarm: JSON.stringify(alarmed).length },
    openAlarms: states.reduce((sum, state) => sum + openAlarms(state).length, 0),
  };
};

/** The engine alone, in this process: what a reading costs, and what a bed's state keeps. */
export const measureAlarmEngine: Row = async ({ beds, seconds, progress }) => {
  progress(0, 3, 'calm');
  const calm = runSteps(SCRIPTS.calm, beds, seconds / 2);
  progress(1, 3, 'crisis');
  const crisis = runSteps(SCRIPTS.crisis, beds, seconds / 2);
  progress(2, 3, 'state');
  const state = measureState();
  const note = `${beds} beds in turn, ${VITALS_A_MESSAGE} readings a message`;
  return {
    lines: [
      {
        what: 'alarm engine, a reading',
        measured: calm.microseconds,
        unit: 'µs',
        budget: { atMost: BUDGET_MICROSECONDS },
        note: `${note}, nothing alarms`,
      },
      {
        what: 'alarm engine, a reading among alarms',
        measured: crisis.microseconds,
        unit: 'µs',
        budget: { atMost: BUDGET_MICROSECONDS },
        note: `${note}, ${((crisis.events * 100) / crisis.steps).toFixed(0)} events in 100 messages`,
      },
      {
        what: `alarm state of ${STATE_BEDS} beds`,
        measured: state.heapBytes / 2 ** 20,
        unit: 'MiB',
        note: `${VITALS_A_MESSAGE} vitals each, ${Math.round(state.heapBytes / STATE_BEDS)} bytes of heap a bed, ${state.jsonBytes.calm} as JSON`,
      },
    ],
    plots: [],
    detail: { calm, crisis, state },
  };
};
