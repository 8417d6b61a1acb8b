import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Alarm, AlarmEvent } from '#domain/alarms/alarm.ts';
import { CONDITIONS, LIMIT_KINDS, PRIORITIES, rankOf, type Side } from '#domain/alarms/conditions.ts';
import { holderOf, isNews, partsOf } from '#domain/alarms/joint.ts';
import { decidedPlace, hasCurrentValue } from '#domain/alarms/levels.ts';
import { SIDES } from '#domain/alarms/names.ts';
import type { AlarmConfig } from '#domain/alarms/settings.ts';
import { signalOf } from '#domain/alarms/signal.ts';
import { type AlarmState, openAlarms } from '#domain/alarms/state.ts';
import { VITAL_IDS } from '#domain/vitals.ts';
import { forOldPlayed, forPlayed, MANY_RUNS } from './support/check.ts';
import { engineAlarms } from './support/day.ts';
import { configAfter, play, someOldHistory } from './support/histories.ts';
import { type Message, naiveAlarms, sortTold } from './support/naive.ts';
import { judge } from './support/oracle.ts';
import { START } from './support/test-bed.ts';

/** What must be so whatever happens. */

const SLOW_MS = 180_000;

const alarmsTold = (events: readonly AlarmEvent[]) => events.flatMap((event) => ('alarm' in event ? [event] : []));

/** The faults of the alarm of one side of a vital, as the state has it by now. */
const faultsOf = (state: AlarmState, config: AlarmConfig, index: number, side: Side): string[] => {
  const vital = state.vitals[index];
  const alarm = state.vitals[holderOf(state, config, index, side)]?.[side]?.alarm;
  const place = hasCurrentValue(vital) ? decidedPlace(state, config, index, side, state.at - 1) : -1;
  const level = LIMIT_KINDS[index]?.[side].levels[place];
  const isTold = !level || (alarm && !isNews(alarm, level));
  const own = vital?.[side]?.alarm;
  const parts = partsOf(state, config, index, side).map((part) => VITAL_IDS[part]);
  // What is worse stays as it was said.
  const isHeld =
    own?.state !== 'active' || (rankOf(own.condition) > 0 ? parts.length > 0 : parts.includes(own.vital ?? undefined));
  return [
    ...(isTold ? [] : [`${level.condition} is not told`]),
    ...(isHeld ? [] : [`${own?.condition} is held by nobody`]),
  ];
};

describe('limits', () => {
  test(
    'C1, C2, C3, C4, C5, C8: no alarm without its condition, no condition past its delay without an alarm',
    () => {
      forOldPlayed((played) => expect(judge(played)).toEqual([]), MANY_RUNS);
    },
    SLOW_MS,
  );

  test(
    'C3, C5: of each kind one alarm at a time, told of from its onset to its end, and never of a lower priority',
    () => {
      forPlayed((played) => {
        const open = new Map<string, Alarm>();
        for (const { type, alarm } of played.flatMap(({ told }) => alarmsTold(told))) {
          const before = open.get(alarm.kind);
          expect([type, before?.id]).toEqual([type, type === 'onset' ? undefined : alarm.id]);
          expect(PRIORITIES.indexOf(alarm.priority)).toBeGreaterThanOrEqual(
            before ? PRIORITIES.indexOf(before.priority) : 0,
          );
          if (type === 'ended') open.delete(alarm.kind);
          else open.set(alarm.kind, alarm);
        }
      });
    },
    SLOW_MS,
  );

  test(
    'C2, C6, C9: what has held for its delay has an alarm as bad, and who is named by one that is active holds it',
    () => {
      forPlayed((played) => {
        let freedAt = 0;
        for (const { event, config, after } of played) {
          // E4: what an ended alarm stood for is told once this moment is over.
          if (event.type === 'acknowledge' || event.type === 'reset') freedAt = after.at;
          if (freedAt === after.at) continue;
          const unsaid = VITAL_IDS.flatMap((id, index) =>
            SIDES.flatMap((side) => faultsOf(after, configAfter(event, config), index, side).map((f) => `${id} ${f}`)),
          );
          expect(unsaid).toEqual([]);
        }
      }, MANY_RUNS);
    },
    SLOW_MS,
  );

  test(
    'C8: an alarm names the settings, the reading and the threshold it passed',
    () => {
      forPlayed((played) => {
        for (const { event, config, told } of played) {
          const { version } = configAfter(event, config);
          for (const { type, alarm } of alarmsTold(told)) {
            if (type !== 'onset' && type !== 'escalated' && type !== 'recurred') continue;
            expect(alarm.config).toEqual(version);
            if (CONDITIONS[alarm.condition].type !== 'physiological') continue;
            const { value, limit, worst, kind } = alarm;
            expect([typeof value, typeof limit, typeof worst]).toEqual(['number', 'number', 'number']);
            // A change may go either way.
            const isBelow = kind.endsWith('-change') ? Number(value) < Number(limit) : /-(low|burden)$/.test(kind);
            const beyond = (Number(limit) - Number(value)) * (isBelow ? 1 : -1);
            expect(beyond).toBeGreaterThanOrEqual(0);
            expect((Number(value) - Number(worst)) * (isBelow ? 1 : -1)).toBeGreaterThanOrEqual(0);
          }
        }
      });
    },
    SLOW_MS,
  );
});

test(
  'B1, B2, B3, D1, D2, D3, D4: of what arrives at whole seconds the naive one says the same',
  () => {
    fc.assert(
      fc.property(someOldHistory, (history) => {
        const seconds: Message[][] = [];
        const acts = history.acts.filter(({ type }) => type === 'run' || type === 'wait' || type === 'again');
        for (const event of play({ ...history, acts })) {
          const second = Math.ceil((event.at - START) / 1_000);
          while (seconds.length <= second) seconds.push([]);
          if (event.type === 'vitals') seconds[second]?.push({ time: event.time, readings: event.readings });
        }
        const { config } = history;
        const naive = naiveAlarms(seconds, { start: START, config });
        // Changes and burdens have tests of their own.
        const told = engineAlarms(seconds, config).filter(({ kind }) => !/-(change|burden)$/.test(kind));
        expect(sortTold(told)).toEqual(naive);
      }),
      { numRuns: MANY_RUNS },
    );
  },
  SLOW_MS,
);

describe('devices', () => {
  test(
    'D2, D4: no link is lost that was not there, and while it is lost nothing is for want of data',
    () => {
      forPlayed((played) => {
        let wasHeard = false;
        let isLost = false;
        for (const { event, told } of played) {
          for (const { type, alarm } of alarmsTold(told)) {
            if (alarm.kind === 'device-link') {
              isLost = type !== 'ended';
              if (type === 'onset') expect(wasHeard).toBe(true);
            }
            if (alarm.condition === 'no-data' && type === 'onset') expect(isLost).toBe(false);
          }
          if (event.type === 'vitals') wasHeard = true;
          if (event.type === 'occupied') wasHeard = false;
        }
      });
    },
    SLOW_MS,
  );

  test(
    'D5, D6: at a start nothing is said but the ends of pauses; for another patient everything ends',
    () => {
      forPlayed((played) => {
        for (const { event, told, after, config } of played) {
          if (event.type === 'resumed') {
            // A cuff value that stands is decided at once where there is no delay.
            const others = told.filter(
              (one) => one.type !== 'reactivated' && !('alarm' in one && one.alarm.kind.match(/^nibp|^temp/)),
            );
            const isGapAtOnce = config.gapDelayMs === 0;
            expect(others.filter((one) => !(isGapAtOnce && 'alarm' in one && one.alarm.kind === 'device-gap'))).toEqual(
              [],
            );
          }
          if (event.type === 'occupied') {
            expect(openAlarms(after)).toEqual([]);
            expect(after.inactivations).toEqual([]);
            expect(after.vitals.filter((vital) => vital !== null)).toEqual([]);
          }
        }
      });
    },
    SLOW_MS,
  );
});

describe('operators', () => {
  test(
    'E1, E6: acknowledging silences one alarm; high priority is always seen, and heard unless acknowledged or covered',
    () => {
      forPlayed((played) => {
        const wrong: string[] = [];
        for (const { after } of played) {
          for (const alarm of openAlarms(after)) {
            const { isSeen, isHeard } = signalOf(alarm, after.inactivations);
            const bare = signalOf(alarm, []);
            const isUnseen = alarm.acknowledged === null;
            const isCovered = after.inactivations.some(({ covered }) => covered.includes(alarm.id));
            const isRight = bare.isSeen && bare.isHeard === isUnseen;
            const isRightIfHigh = isSeen && (isCovered || isHeard === isUnseen);
            // Asked of every alarm in every second: an assertion each took most of the time of all histories.
            if (!isRight || (alarm.priority === 'high' && !isRightIfHigh)) {
              wrong.push(`${alarm.id} at ${after.at}: ${JSON.stringify({ bare, isSeen, isHeard, isCovered })}`);
            }
          }
        }
        expect(wrong).toEqual([]);
      });
    },
    SLOW_MS,
  );

  test(
    'E2, E3, E4: what is latched was worth it and seen by nobody; what is not ends; a return takes the acknowledgement back',
    () => {
      forPlayed((played) => {
        for (const { event, config, told } of played) {
          const { latching } = configAfter(event, config);
          for (const { type, alarm, cause } of alarmsTold(told)) {
            const isLatching = CONDITIONS[alarm.condition].type === 'physiological' && latching[alarm.priority];
            const mustStay = isLatching && alarm.acknowledged === null && alarm.state === 'active';
            if (type === 'escalated' || type === 'recurred') expect(alarm.acknowledged).toBeNull();
            if (type === 'latched') expect([isLatching, alarm.acknowledged]).toEqual([true, null]);
            if (type === 'ended' && cause !== 'occupancy') expect(mustStay).toBe(false);
          }
        }
      });
    },
    SLOW_MS,
  );

  test(
    'E5: an alarm of high priority that began or became that bad or came back in a pause is not covered by it',
    () => {
      forPlayed((played) => {
        for (const { told, after } of played) {
          for (const event of told) {
            if (!('alarm' in event) || !['onset', 'escalated', 'recurred'].includes(event.type)) continue;
            const isPausedSince = told.some((other) => other.type === 'inactivated');
            if (!isPausedSince) {
              expect(after.inactivations.some(({ covered }) => covered.includes(event.alarm.id))).toBe(false);
            }
          }
        }
      });
    },
    SLOW_MS,
  );

  test(
    'E7, E9: no pause outlasts its end, and whatever a person did has their name',
    () => {
      forPlayed((played) => {
        for (const { event, told, after } of played) {
          for (const { until } of after.inactivations)
            if (until !== null) expect(until).toBeGreaterThanOrEqual(after.at);
          for (const one of told) {
            const isByHand =
              one.type === 'acknowledged' ||
              one.type === 'inactivated' ||
              (one.type === 'ended' && (one.cause === 'acknowledged' || one.cause === 'reset'));
            if (isByHand) expect(one.by).toBe('Ada');
            if (one.by !== null) expect('by' in event && event.by).toBe(one.by);
            if (one.type === 'acknowledged') expect('alarm' in event && event.alarm).toBe(one.alarm.id);
          }
        }
      });
    },
    SLOW_MS,
  );
});
