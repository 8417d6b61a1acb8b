import type { AlarmAction, AlarmEvent, AlarmInput, EngineEvent, VitalReading } from '#domain/alarms/alarm.ts';
import { step } from '#domain/alarms/engine.ts';
import { type AlarmConfig, type AlarmOverrides, override, PRESETS } from '#domain/alarms/settings.ts';
import { type AlarmState, initialState, openAlarms } from '#domain/alarms/state.ts';
import { type AgeGroup, type VitalId, vital } from '#domain/vitals.ts';

/** The station's time at which every story begins. */
export const START = 1_700_000_000_000;

export const QUALITY = { good: 0, questionable: 1, invalid: 2 } as const;
type Quality = keyof typeof QUALITY;

/** `null`: no value. With a quality: `[84, 'questionable']`. */
export type Sent = number | null | readonly [value: number | null, quality: Quality];
export type SentVitals = Readonly<Partial<Record<VitalId, Sent>>>;

export const reading = (id: VitalId, sent: Sent): VitalReading => {
  const [value, quality] = typeof sent === 'object' && sent !== null ? sent : [sent, 'good' as const];
  return { mdc: vital(id).mdc, value: value ?? Number.NaN, quality: QUALITY[quality] };
};

export const readings = (sent: SentVitals): VitalReading[] =>
  Object.entries(sent).map(([id, one]) => reading(id as VitalId, one));

const seconds = (at: number): string => `${(at - START) / 1_000} s`;

/** `5 s onset heart-rate-low low-limit`; of inactivations `5 s inactivated audio-paused`. */
export const describeEvent = (event: AlarmEvent): string => {
  const parts =
    'alarm' in event
      ? [seconds(event.at), event.type, event.alarm.kind, event.alarm.condition, event.cause, event.by]
      : [seconds(event.at), event.type, event.inactivation.what, event.inactivation.kind, event.by];
  return parts.filter((part) => part !== null).join(' ');
};

type WithoutTime<Input> = Input extends { at: number } ? Omit<Input, 'at'> : never;

/** Extremes and standstills as soon as they hold at all, so that a story about something else is short. */
export const AT_ONCE: AlarmOverrides = {
  asystoleArmAfterMs: 0,
  vitals: { 'heart-rate': { extremeDelayMs: 0, extremeLowDelayMs: 0, extremeReadings: 1, hysteresis: 2 } },
};

/** A bed where extremes are decided at once. */
export const createQuickBed = ({ age = 'adult', settings = {} }: { age?: AgeGroup; settings?: AlarmOverrides } = {}) =>
  createTestBed({ config: override(override(PRESETS[age], AT_ONCE), settings) });

/** A bed whose hours pass as the test says: seconds from START, one message a second while values are sent. */
export const createTestBed = ({
  age = 'adult',
  settings = {},
  config: first = override(PRESETS[age], settings),
}: {
  age?: AgeGroup;
  settings?: AlarmOverrides;
  config?: AlarmConfig;
} = {}) => {
  let config: AlarmConfig = first;
  let state: AlarmState = initialState('bed-1');
  let now = START;
  let reported = 0;
  const events: AlarmEvent[] = [];

  const take = (event: EngineEvent) => {
    const result = step(state, event, config);
    state = result.state;
    events.push(...result.events);
  };
  take({ type: 'occupied', at: now, device: 'monitor-1', encounter: 1, config });

  const bed = {
    now: () => now,
    state: () => state,
    config: () => config,
    open: () => openAlarms(state),
    alarm: (kind: string) => openAlarms(state).find((alarm) => alarm.kind === kind),
    /** One message now; `agoMs` is how long ago it was measured. */
    send(vitals: SentVitals, agoMs = 0) {
      return bed.sendReadings(readings(vitals), agoMs);
    },
    sendReadings(all: readonly VitalReading[], agoMs = 0) {
      take({ type: 'vitals', at: now, time: now - agoMs, readings: all });
      return bed;
    },
    /** A message at once and after each of these seconds but the last. */
    run(forSeconds: number, vitals: SentVitals) {
      for (let second = 0; second < forSeconds; second++) {
        bed.send(vitals);
        now += 1_000;
      }
      return bed;
    },
    /** Nothing arrives; what is due until the very end happens. */
    wait(forSeconds: number) {
      now += forSeconds * 1_000;
      take({ type: 'tick', at: now });
      return bed;
    },
    /** As long, but nobody says so. */
    skip(forSeconds: number) {
      now += forSeconds * 1_000;
      return bed;
    },
    /** The station is away: not even time passes. */
    away(forSeconds: number) {
      now += forSeconds * 1_000;
      take({ type: 'resumed', at: now });
      return bed;
    },
    tell(input: WithoutTime<AlarmInput>) {
      take({ ...input, at: now } as AlarmInput);
      return bed;
    },
    configure(changes: AlarmOverrides) {
      const next = override(config, changes);
      take({ type: 'configured', at: now, config: next });
      config = next;
      return bed;
    },
    act(action: WithoutTime<AlarmAction>) {
      return bed.tell(action);
    },
    acknowledge(kind: string, by = 'Ada') {
      const id = bed.alarm(kind)?.id ?? 'none';
      return bed.tell({ type: 'acknowledge', by, alarm: id });
    },
    pause(forSeconds: number, what: 'audio-paused' | 'alarm-paused' = 'audio-paused', kind: string | null = null) {
      return bed.tell({ type: 'inactivate', by: 'Ada', what, kind, until: now + forSeconds * 1_000 });
    },
    /** What was told since this was last asked. */
    told(): string[] {
      const fresh = events.slice(reported);
      reported = events.length;
      return fresh.map(describeEvent);
    },
    events: () => events,
  };
  return bed;
};

export type TestBed = ReturnType<typeof createTestBed>;
