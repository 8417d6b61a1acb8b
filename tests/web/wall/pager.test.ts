import { signal } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import type { Alarm } from '#domain/alarms/alarm.ts';
import { byUrgency } from '../../../web/shell/alarms/survey.ts';
import { createUnitState, createWardState } from '../../../web/shell/live/state.ts';
import { createSettings } from '../../../web/shell/settings.ts';
import { createBoard } from '../../../web/wall/board.ts';
import { createPager } from '../../../web/wall/pager.ts';
import { ALARM_TIME, active, alarm, bedState } from '../alarm-samples.ts';

const TURN_MS = 15_000;
const HELD_MS = 120_000;

/** Three pages of a wall: beds 0 to 49, 50 to 99, 100 to 149. */
const setUp = ({ width = 1_920, height = 1_080 } = {}) => {
  const time = { now: 0 };
  const state = createWardState();
  const unit = createUnitState('icu', 'ICU');
  const beds = Array.from({ length: 150 }, (_, place) => bedState({ id: `bed-${place}`, label: String(place) }));
  for (const bed of beds) unit.beds.set(bed.id, bed);
  state.units.set('icu', unit);
  const board = createBoard({
    state,
    settings: createSettings(new URLSearchParams(), ['en']),
    sparks: { path: () => '' },
  });
  const show = (alarms: Readonly<Record<number, Partial<Alarm>>>) => {
    const survey = Object.entries(alarms).map(([place, change]) =>
      active(alarm({ id: `alarm-${place}`, ...change }), [], beds[Number(place)]),
    );
    board.refresh(ALARM_TIME, { state: 'live', silentForMs: 0 }, survey.toSorted(byUrgency));
  };
  show({});
  const pager = createPager({ board, screen: signal({ width, height }), turnMs: TURN_MS, monotonicMs: () => time.now });
  const pass = (ms: number, isChosen = false) => {
    time.now += ms;
    pager.tick(isChosen);
    return pager.page.value;
  };
  return { pager, show, pass };
};

describe('the pages of a wall', () => {
  it('turn by themselves when it is time', () => {
    const { pager, pass } = setUp();
    expect(pager.beds.value.map(({ id }) => id)[0]).toBe('bed-0');
    expect(pager.nextBeds()[0]?.id).toBe('bed-50');
    expect(pass(TURN_MS - 1)).toBe(0);
    expect(pass(1)).toBe(1);
    expect(pager.beds.value.map(({ id }) => id)[0]).toBe('bed-50');
  });

  it('turn at once to an alarm of high priority that is new', () => {
    const { pager, show, pass } = setUp();
    show({ 120: { priority: 'high' } });
    expect([...pager.urgent.value]).toEqual([2]);
    expect(pass(1)).toBe(2);
    expect(pass(TURN_MS)).toBe(1);
    expect(pass(TURN_MS)).toBe(2);
  });

  it('do not turn to an alarm that was answered, or is of less priority', () => {
    const { show, pass } = setUp();
    show({ 120: { priority: 'high', acknowledged: { by: 'Ann', at: ALARM_TIME } }, 121: { priority: 'medium' } });
    expect(pass(1)).toBe(0);
    expect(pass(TURN_MS)).toBe(1);
  });

  it('stay while a person holds them, and for no longer than that lasts', () => {
    const { pager, show, pass } = setUp();
    pager.toggleHold();
    show({ 120: { priority: 'high' } });
    expect(pass(TURN_MS)).toBe(0);
    expect(pass(HELD_MS)).toBe(2);
    expect(pager.heldUntilMs.value).toBe(Number.NEGATIVE_INFINITY);
  });

  it('stay while something on them is chosen', () => {
    const { pass } = setUp();
    expect(pass(10 * TURN_MS, true)).toBe(0);
    expect(pass(TURN_MS - 1)).toBe(0);
    expect(pass(1)).toBe(1);
  });

  it('turn by hand, and then stay', () => {
    const { pager, pass } = setUp();
    pager.turn(-1);
    expect(pass(TURN_MS)).toBe(2);
    pager.turnTo(1);
    expect(pass(TURN_MS)).toBe(1);
    pager.toggleHold();
    expect(pass(TURN_MS)).toBe(2);
  });

  it('go to where a bed is that was chosen in the banner', () => {
    const { pager } = setUp();
    pager.show('bed-60');
    expect(pager.page.value).toBe(1);
    pager.show('nowhere');
    pager.show(null);
    expect(pager.page.value).toBe(1);
  });

  it('are not pulled away from under a thumb on a phone', () => {
    const { pass, show } = setUp({ width: 360, height: 740 });
    show({ 120: { priority: 'high' } });
    expect(pass(TURN_MS)).toBe(0);
  });
});
