import fc from 'fast-check';
import {
  type AlarmEvent,
  type EngineEvent,
  INACTIVATIONS,
  type Inactivation,
  type VitalReading,
} from '#domain/alarms/alarm.ts';
import { step } from '#domain/alarms/engine.ts';
import { type AlarmConfig, type AlarmOverrides, override, PRESETS } from '#domain/alarms/settings.ts';
import { configProblems } from '#domain/alarms/settings-problems.ts';
import { type AlarmState, initialState, openAlarms } from '#domain/alarms/state.ts';
import { type AgeGroup, type VitalId, vital } from '#domain/vitals.ts';
import { rules1 } from './rules-1.ts';
import { START } from './test-bed.ts';

/**
 * Whole histories of a bed: runs of readings with gaps and doubts, links that are slow, cut or send twice, everything
 * the engine can be told. What is drawn says "the second open alarm" or "the message before"; `play` makes events of it.
 */
const WATCHED: readonly VitalId[] = [
  'heart-rate',
  'spo2',
  'respiratory-rate',
  'pulse-rate',
  'abp-systolic',
  'abp-mean',
  'cvp',
  'nibp-systolic',
  'temperature',
  'fio2',
];

/** Every value at which something changes, and its neighbours; by the settings at the start. */
const valuesOf = (id: VitalId, config: AlarmConfig): readonly number[] => {
  const { low, high, extremeLow, extremeHigh, hysteresis } = config.vitals[id];
  const [min, max] = vital(id).plausible;
  const lows = [low, extremeLow].flatMap((edge) =>
    edge === null ? [] : [edge - 0.5, edge, edge + hysteresis - 0.1, edge + hysteresis],
  );
  const highs = [high, extremeHigh].flatMap((edge) =>
    edge === null ? [] : [edge + 0.5, edge, edge - hysteresis + 0.1, edge - hysteresis],
  );
  const middle = ((low ?? min) + (high ?? max)) / 2;
  const values = [Number.NaN, 0, middle, middle, ...lows, ...highs];
  return values.filter((value) => Number.isNaN(value) || (value >= min && value <= max));
};

/** One vital in a run: which of its values, how doubtful, and how often it is left out. */
type Course = { readonly pick: number; readonly quality: number; readonly skips: number };

type Run = {
  readonly type: 'run';
  readonly courses: readonly Course[];
  readonly count: number;
  readonly everyMs: number;
  /** How long after it was measured each arrives, in turn; a burst: all at the end. */
  readonly lagsMs: readonly number[];
  readonly isBurst: boolean;
  readonly aheadMs: number;
  /** Readings in one message, or one message for each vital. */
  readonly isSplit: boolean;
};

type Act =
  | Run
  | { readonly type: 'wait'; readonly ms: number }
  | { readonly type: 'again'; readonly back: number; readonly corrected: number | null }
  | { readonly type: 'resumed'; readonly ms: number }
  | { readonly type: 'occupied' }
  | { readonly type: 'configured'; readonly overrides: AlarmOverrides }
  | {
      readonly type: 'device';
      readonly online?: boolean;
      readonly batteryPercent?: number | null;
      readonly clockOffsetMs?: number | null;
      readonly missing?: number;
      readonly clockStepMs?: number;
      readonly intervalMs?: number | null;
    }
  | { readonly type: 'oxygen'; readonly roomAir: boolean }
  | { readonly type: 'station'; readonly journalShare?: number; readonly databaseAway?: boolean }
  | { readonly type: 'acknowledge'; readonly which: number }
  | { readonly type: 'reset'; readonly which: number | null }
  | {
      readonly type: 'inactivate';
      readonly what: Inactivation['what'];
      readonly kind: string | null;
      readonly ms: number | null;
    }
  | {
      readonly type: 'reactivate';
      readonly what: Inactivation['what'];
      readonly kind: string | null;
    };

export type Drawn = { readonly config: AlarmConfig; readonly acts: readonly Act[] };

/** Settings other than the preset's, of which every mixture makes sense. */
const someSettings: fc.Arbitrary<AlarmOverrides> = fc
  .record(
    {
      sensorOffDelayMs: fc.constantFrom(0, 3_000, 20_000),
      signalPoorDelayMs: fc.constantFrom(0, 4_000, 30_000),
      asystoleDelayMs: fc.constantFrom(3_000, 7_000),
      apnoeaDelayMs: fc.constantFrom(10_000, 15_000),
      apnoeaArmAfterMs: fc.constantFrom(0, 5_000),
      deviceSilentAfterMs: fc.constantFrom(2_000, 5_000),
      deviceOfflineDelayMs: fc.constantFrom(0, 3_000),
      silentAfterMs: fc.constantFrom({ continuous: 6_000 }, { continuous: 25_000, intermittent: 60_000 }),
      gapDelayMs: fc.constantFrom(0, 5_000),
      batteryLowPercent: fc.constantFrom(10, 30),
      latching: fc.constantFrom({ medium: true }, { low: true, medium: true }),
      vitals: fc.record(
        {
          'heart-rate': fc.constantFrom(
            { delayMs: 0 },
            { low: null, extremeDelayMs: 3_000 },
            { hysteresis: 0, low: 60 },
          ),
          spo2: fc.constantFrom(
            { delayMs: 2_000, extremeDelayMs: 0 },
            { low: 88 },
            { high: null },
            { delayMs: 20_000, lowBurden: 4, lowBurdenWithinMs: 120_000 },
          ),
          'respiratory-rate': fc.constantFrom({ low: null }, { low: 10, delayMs: 1_000 }),
          cvp: fc.constantFrom({ low: null }, { low: 2, delayMs: 0 }, { changeBy: 3, changeWithinMs: 60_000 }),
          'abp-mean': fc.constantFrom({ changeBy: 15 }, { changeBy: 40, changeWithinMs: 120_000, delayMs: 0 }),
          'nibp-systolic': fc.constantFrom({ delayMs: 4_000 }, { low: null, high: null }),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  )
  .map((overrides) => overrides as AlarmOverrides);

const configFrom = (presetOf: (age: AgeGroup) => AlarmConfig): fc.Arbitrary<AlarmConfig> =>
  fc
    .tuple(fc.constantFrom(...(['adult', 'paediatric', 'neonatal'] as const)), fc.option(someSettings))
    .map(([age, overrides]) => (overrides ? override(presetOf(age), overrides) : presetOf(age)))
    .filter((config) => configProblems(config).length === 0);

/** Drawn evenly: small numbers would be drawn more often than others, and they are `null` and 0. */
const pick = fc.constantFrom(...Array.from({ length: 60 }, (_, index) => index));

const course: fc.Arbitrary<Course> = fc.record({
  pick,
  quality: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 2),
  skips: fc.constantFrom(0, 0, 0, 0, 0, 3, 7),
});

const run: fc.Arbitrary<Run> = fc.record({
  type: fc.constant('run' as const),
  courses: fc.array(course, { minLength: WATCHED.length, maxLength: WATCHED.length }),
  count: fc.integer({ min: 1, max: 30 }),
  everyMs: fc.constantFrom(500, 1_000, 1_000, 1_000, 1_000, 1_000, 3_000, 13_000),
  lagsMs: fc.array(fc.integer({ min: 0, max: 1_500 }), { minLength: 1, maxLength: 5 }),
  isBurst: fc.constantFrom(false, false, false, true),
  aheadMs: fc.constantFrom(0, 0, 0, 0, 900, 20_000),
  isSplit: fc.boolean(),
});

const what = fc.constantFrom(...INACTIVATIONS);
const kind = fc.constantFrom(null, 'heart-rate-low', 'spo2-low', 'spo2-signal', 'device-link', 'no-such-kind');

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 8, arbitrary: run },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 40_000 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('again' as const),
      back: fc.nat({ max: 6 }),
      corrected: fc.option(pick),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('resumed' as const), ms: fc.integer({ min: -8_000, max: 90_000 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'occupied' as const }) },
  { weight: 2, arbitrary: someSettings.map((overrides) => ({ type: 'configured' as const, overrides })) },
  {
    weight: 2,
    arbitrary: fc
      .record(
        {
          online: fc.boolean(),
          batteryPercent: fc.option(fc.integer({ min: 0, max: 40 })),
          clockOffsetMs: fc.option(fc.integer({ min: -9_000, max: 9_000 })),
          missing: fc.nat({ max: 2 }),
        },
        { requiredKeys: [] },
      )
      .map((told) => ({ type: 'device' as const, ...told })),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('station' as const),
      journalShare: fc.double({ min: 0, max: 1, noNaN: true }),
      databaseAway: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('acknowledge' as const), which: fc.nat({ max: 5 }) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('reset' as const), which: fc.option(fc.nat({ max: 5 })) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('inactivate' as const),
      what,
      kind,
      ms: fc.option(fc.integer({ min: -1_000, max: 240_000 })),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('reactivate' as const), what, kind }) },
);

/** What release 0.1.0 was never told. */
const newAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 24, arbitrary: act },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('oxygen' as const), roomAir: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc
      .record(
        {
          clockStepMs: fc.constantFrom(-60_000, -400, 400, 60_000),
          intervalMs: fc.constantFrom(null, 1_000, 16_000, 60_000),
        },
        { requiredKeys: [] },
      )
      .map((told) => ({ type: 'device' as const, ...told })),
  },
);

const historyFrom = (presetOf: (age: AgeGroup) => AlarmConfig, one: fc.Arbitrary<Act>): fc.Arbitrary<Drawn> =>
  fc.record({
    config: configFrom(presetOf),
    acts: fc.array(one, { minLength: 1, maxLength: 16, size: 'max' }),
  });

export const someHistory = historyFrom((age) => PRESETS[age], newAct);
/** By the rules and presets of release 0.1.0. */
export const someOldHistory = historyFrom(rules1, act);

/** An event, the settings in force until it, and what the engine said to it. */
export type Played = {
  readonly event: EngineEvent;
  readonly config: AlarmConfig;
  readonly told: readonly AlarmEvent[];
  readonly after: AlarmState;
};

export const configAfter = (event: EngineEvent, config: AlarmConfig): AlarmConfig =>
  event.type === 'occupied' || event.type === 'configured' ? event.config : config;

/** The engine over these events from the beginning. `between` stands for whatever happens to a state between two. */
export const runEngine = (
  events: readonly EngineEvent[],
  first: AlarmConfig,
  between: (state: AlarmState) => AlarmState = (state) => state,
): Played[] => {
  let config = first;
  let state = initialState('bed-1');
  return events.map((event) => {
    const before = config;
    const result = step(between(state), event, before);
    state = result.state;
    config = configAfter(event, before);
    return { event, config: before, told: result.events, after: state };
  });
};

export const toldBy = (played: readonly Played[]): AlarmEvent[] => played.flatMap(({ told }) => told);

type Arriving = { readonly at: number; readonly time: number; readonly readings: readonly VitalReading[] };

const messagesOf = (
  { courses, count, everyMs, lagsMs, isBurst, aheadMs, isSplit }: Run,
  from: number,
  config: AlarmConfig,
): Arriving[] => {
  const end = from + count * everyMs;
  const messages: Arriving[] = [];
  for (let index = 0; index < count; index++) {
    const measured = from + index * everyMs;
    const at = isBurst ? end : measured + (lagsMs[index % lagsMs.length] ?? 0);
    const readings = WATCHED.flatMap((id, place) => {
      const { pick: chosen, quality, skips } = courses[place] ?? { pick: 0, quality: 0, skips: 0 };
      if (skips > 0 && index % skips !== 0) return [];
      const values = valuesOf(id, config);
      return [{ mdc: vital(id).mdc, value: values[chosen % values.length] ?? Number.NaN, quality }];
    });
    const parts = isSplit ? readings.map((one) => [one]) : [readings];
    for (const part of parts) messages.push({ at, time: measured + aheadMs, readings: part });
  }
  // A slow link keeps no order of its own: only what arrives has one.
  return messages.sort((one, other) => one.at - other.at);
};

/** The events of a history, in the order in which the station sees them. */
export const play = ({ config: first, acts }: Drawn): EngineEvent[] => {
  let now = START;
  let config = first;
  let state = initialState('bed-1');
  const events: EngineEvent[] = [];
  const messages: Arriving[] = [];
  const take = (event: EngineEvent) => {
    events.push(event);
    state = step(state, event, config).state;
    config = configAfter(event, config);
  };
  const receive = (message: Arriving) => {
    messages.push(message);
    take({ type: 'vitals', ...message });
  };
  const idOf = (which: number): string => openAlarms(state)[which]?.id ?? 'no-such-alarm';
  take({ type: 'occupied', at: now, device: 'monitor-1', encounter: 1, config });
  for (const one of acts) {
    const at = now;
    if (one.type === 'run') {
      const sent = messagesOf(one, now, first);
      for (const message of sent) receive(message);
      now = Math.max(now, sent.at(-1)?.at ?? now);
    } else if (one.type === 'wait') now += one.ms;
    else if (one.type === 'again') {
      const message = messages.at(-1 - one.back);
      if (!message) continue;
      const { corrected } = one;
      const readings = message.readings.map((reading) => {
        const id = WATCHED.find((known) => vital(known).mdc === reading.mdc);
        const values = id ? valuesOf(id, first) : [];
        return corrected === null ? reading : { ...reading, value: values[corrected % values.length] ?? 0 };
      });
      receive({ at, time: message.time, readings });
    } else if (one.type === 'resumed') {
      now += one.ms;
      take({ type: 'resumed', at: now });
      // Nothing is heard in the very millisecond of a start.
      now += 1;
    } else if (one.type === 'occupied') {
      take({ type: 'occupied', at, device: 'monitor-2', encounter: (state.encounter ?? 0) + 1, config });
    } else if (one.type === 'configured') {
      const next = override(first, one.overrides);
      if (configProblems(next).length === 0) take({ type: 'configured', at, config: next });
    } else if (one.type === 'acknowledge') take({ type: 'acknowledge', at, by: 'Ada', alarm: idOf(one.which) });
    else if (one.type === 'reset')
      take({ type: 'reset', at, by: 'Ada', alarm: one.which === null ? null : idOf(one.which) });
    else if (one.type === 'inactivate') {
      const { what, kind, ms } = one;
      take({ type: 'inactivate', at, by: 'Ada', what, kind, until: ms === null ? null : at + ms });
    } else if (one.type === 'reactivate') take({ type: 'reactivate', at, by: 'Ada', what: one.what, kind: one.kind });
    else if (one.type === 'oxygen') take({ ...one, at, by: 'Ada' });
    else take({ ...one, at });
  }
  take({ type: 'tick', at: now + 5 });
  return events;
};
