import { describe, expect, test } from 'vitest';
import type { AlarmEvent, EngineEvent } from '#domain/alarms/alarm.ts';
import type { AlarmState } from '#domain/alarms/state.ts';
import { forHistories } from './support/check.ts';
import { play, runEngine, someOldHistory, toldBy } from './support/histories.ts';
import { createTestBed, reading } from './support/test-bed.ts';
import { withTicks } from './support/ticks.ts';

const SLOW_MS = 120_000;

const deepFreeze = <Thing>(thing: Thing): Thing => {
  if (typeof thing === 'object' && thing !== null && !Object.isFrozen(thing)) {
    Object.freeze(thing);
    for (const part of Object.values(thing)) deepFreeze(part);
  }
  return thing;
};

const throughJson = (state: AlarmState): AlarmState => JSON.parse(JSON.stringify(state));

describe('whole histories', () => {
  test(
    'A1: the same again gives the same to the byte, and no old state is changed',
    () => {
      forHistories((history) => {
        const events = play(history);
        const once = runEngine(events, history.config, deepFreeze);
        expect(JSON.stringify(runEngine(events, history.config))).toBe(JSON.stringify(once));
      });
    },
    SLOW_MS,
  );

  test(
    'A2: ticks change no event and no time in one',
    () => {
      forHistories((history) => {
        const events = play(history);
        expect(toldBy(runEngine(withTicks(events), history.config))).toEqual(toldBy(runEngine(events, history.config)));
      });
    },
    SLOW_MS,
  );

  test(
    'A3: what is told is told in the order of its times, and never before the event that led to it',
    () => {
      forHistories((history) => {
        let before = 0;
        for (const { event, told } of runEngine(play(history), history.config)) {
          for (const { at } of told) {
            if (event.type !== 'resumed') expect(at).toBeGreaterThanOrEqual(before);
            before = at;
          }
          if (event.type === 'resumed') before = 0;
          else for (const { at } of told) expect(at).toBeLessThanOrEqual(Math.max(event.at, before));
        }
      });
    },
    SLOW_MS,
  );

  test(
    'A4: the order of readings in a message, and of messages of one millisecond, does not matter',
    () => {
      forHistories(
        (history) => {
          const events = play(history).filter(({ type }) => type !== 'acknowledge' && type !== 'reset');
          const told = (all: readonly EngineEvent[]) => withoutIds(toldBy(runEngine(all, history.config)));
          expect(told(turnAround(events))).toEqual(told(events));
        },
        undefined,
        someOldHistory,
      );
    },
    SLOW_MS,
  );

  test(
    'A4, C9: nor does that of the readings in a message where vitals are announced as one',
    () => {
      forHistories((history) => {
        const events = play(history);
        const turned = events.map((event) =>
          event.type === 'vitals' ? { ...event, readings: event.readings.toReversed() } : event,
        );
        expect(toldBy(runEngine(turned, history.config))).toEqual(toldBy(runEngine(events, history.config)));
      });
    },
    SLOW_MS,
  );

  test(
    'A5: a message that comes again at once changes nothing',
    () => {
      forHistories((history) => {
        const events = play(history);
        const doubled = events.flatMap((event): EngineEvent[] => (event.type === 'vitals' ? [event, event] : [event]));
        const once = runEngine(events, history.config);
        const twice = runEngine(doubled, history.config);
        expect(toldBy(twice)).toEqual(toldBy(once));
        expect(twice.at(-1)?.after).toEqual(once.at(-1)?.after);
      });
    },
    SLOW_MS,
  );

  test(
    'A6: the state may be written as JSON and read back at any point',
    () => {
      forHistories((history) => {
        const events = play(history);
        const kept = runEngine(events, history.config, throughJson);
        expect(toldBy(kept)).toEqual(toldBy(runEngine(events, history.config)));
      });
    },
    SLOW_MS,
  );
});

/** Kinds in the place of ids, in an order of its own. */
const withoutIds = (events: readonly AlarmEvent[]): string[] => {
  const kinds = new Map(events.flatMap((event) => ('alarm' in event ? [[event.alarm.id, event.alarm.kind]] : [])));
  const named = events.map((event) =>
    'alarm' in event
      ? { ...event, alarm: { ...event.alarm, id: event.alarm.kind } }
      : {
          ...event,
          inactivation: {
            ...event.inactivation,
            covered: event.inactivation.covered.map((id) => kinds.get(id)).sort(),
          },
        },
  );
  return named.map((event) => JSON.stringify(event)).sort();
};

const vitalsOf = (event: EngineEvent): number[] =>
  event.type === 'vitals' ? event.readings.map(({ mdc }) => mdc) : [];

/** Readings from last to first, and so the messages of one moment as long as they have no vital in common. */
const turnAround = (events: readonly EngineEvent[]): EngineEvent[] => {
  const groups: EngineEvent[][] = [];
  for (const event of events) {
    const group = groups.at(-1) ?? [];
    const isOfGroup =
      event.type === 'vitals' &&
      group.every(
        (other) =>
          other.type === 'vitals' &&
          other.at === event.at &&
          !vitalsOf(other).some((mdc) => vitalsOf(event).includes(mdc)),
      );
    if (isOfGroup && groups.length > 0) group.push(event);
    else groups.push([event]);
  }
  const turned = groups.flatMap((group) => group.reverse());
  return turned.map((event) => (event.type === 'vitals' ? { ...event, readings: event.readings.toReversed() } : event));
};

test('A3: a normal value at the very end of a delay prevents the alarm; a millisecond later it ends it', () => {
  const prevented = createTestBed().send({ 'heart-rate': 45 }).wait(5).send({ 'heart-rate': 60 }).wait(1);
  expect(prevented.told()).toEqual([]);
  const ended = createTestBed().send({ 'heart-rate': 45 }).wait(5.001).send({ 'heart-rate': 60 });
  expect(ended.told()).toEqual([
    '5 s onset heart-rate-low low-limit',
    '5.001 s ended heart-rate-low low-limit recovered',
  ]);
});

test('A4: of two readings of one vital in one message the last counts', () => {
  const bed = createTestBed({ settings: { vitals: { 'heart-rate': { delayMs: 0 } } } });
  bed.sendReadings([reading('heart-rate', 45), reading('heart-rate', 80)]).wait(1);
  expect(bed.told()).toEqual([]);
  bed.sendReadings([reading('heart-rate', 80), reading('heart-rate', 45)]);
  expect(bed.told()).toEqual(['1 s onset heart-rate-low low-limit']);
});

describe('readings that are not newer', () => {
  test('A5: one measured before the newest is ignored, however bad', () => {
    const bed = createTestBed({ settings: { vitals: { 'heart-rate': { delayMs: 0 } } } });
    bed.send({ 'heart-rate': 80 }).wait(1).send({ 'heart-rate': 0 }, 2_000).wait(9);
    expect(bed.told()).toEqual([]);
  });

  test('A5: another value of the same time is a correction and stands', () => {
    const bed = createTestBed({ settings: { vitals: { 'heart-rate': { delayMs: 0 } } } });
    bed.send({ 'heart-rate': 80 }).send({ 'heart-rate': 45 });
    expect(bed.told()).toEqual(['0 s onset heart-rate-low low-limit']);
    bed.send({ 'heart-rate': 80 });
    expect(bed.told()).toEqual(['0 s ended heart-rate-low low-limit recovered']);
  });

  test.each([-4_000, 4_000])(
    'A7: a device clock that is put %i ms forward hides nothing and hurries nothing',
    (stepMs) => {
      const settings = { vitals: { 'heart-rate': { delayMs: 5_000 } } };
      const steady = createTestBed({ settings }).run(3, { 'heart-rate': 80 }).run(2, { 'heart-rate': 45 });
      const stepped = createTestBed({ settings }).run(3, { 'heart-rate': 80 }).run(2, { 'heart-rate': 45 });
      stepped.tell({ type: 'device', clockStepMs: stepMs });
      for (let second = 0; second < 8; second++) {
        steady.send({ 'heart-rate': second < 5 ? 45 : 80 }).wait(1);
        stepped.send({ 'heart-rate': second < 5 ? 45 : 80 }, -stepMs).wait(1);
      }
      const told = steady.told();
      expect(told).toContain('8 s onset heart-rate-low low-limit');
      expect(stepped.told()).toEqual(told);
    },
  );

  test('A5: a clock that was ahead and is put right does not make everything after it old', () => {
    const bed = createTestBed({ settings: { vitals: { 'heart-rate': { delayMs: 0 } } } });
    bed.send({ 'heart-rate': 80 }, -3_600_000).wait(1).send({ 'heart-rate': 45 });
    expect(bed.told()).toEqual(['1 s onset heart-rate-low low-limit']);
    bed.send({ 'heart-rate': 80 }, 1).wait(1);
    expect(bed.told()).toEqual([]);
  });
});
