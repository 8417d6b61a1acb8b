import { signal } from '@preact/signals';
import { describe, expect, it, vi } from 'vitest';
import type { Answer } from '../../../web/shell/alarms/actions.ts';
import { type ActiveAlarm, byUrgency } from '../../../web/shell/alarms/survey.ts';
import { createControls } from '../../../web/shell/controls.ts';
import { createUnitState, createWardState } from '../../../web/shell/live/state.ts';
import { createSettings } from '../../../web/shell/settings.ts';
import { createBoard } from '../../../web/wall/board.ts';
import { createPager } from '../../../web/wall/pager.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { ALARM_TIME, active, alarm, bedState } from '../alarm-samples.ts';

const LINK = { state: 'live', silentForMs: 0 } as const;

const first = bedState({ id: 'bed-1', label: 'ICU 1' });
const second = bedState({ id: 'bed-2', label: 'ICU 2' });

const setUp = ({ isOperator = true, answer = 'done' as Answer } = {}) => {
  const state = createWardState();
  const unit = createUnitState('icu', 'ICU');
  for (const bed of [first, second]) unit.beds.set(bed.id, bed);
  state.units.set('icu', unit);
  const settings = createSettings(new URLSearchParams(), ['en']);
  const board = createBoard({ state, settings, sparks: { path: () => '' } });
  const asked: string[] = [];
  const ask =
    (what: string) =>
    async (id: string): Promise<Answer> => {
      asked.push(`${what} ${id}`);
      return answer;
    };
  const clock = createFakeClock();
  const toggled = { sound: 0 };
  const controls = createControls({
    board,
    isOperator: signal(isOperator),
    actions: {
      acknowledge: ask('acknowledge'),
      resetAlarm: ask('reset alarm'),
      resetBed: ask('reset bed'),
      pauseAudio: ask('pause'),
    },
    toggleSound: () => {
      toggled.sound += 1;
    },
    isAwake: signal(false),
    pager: createPager({
      board,
      screen: signal({ width: 1920, height: 1080 }),
      turnMs: 15_000,
      monotonicMs: () => 0,
    }),
    settings,
    clock,
  });
  const show = (...activeAlarms: ActiveAlarm[]) => board.refresh(ALARM_TIME, LINK, activeAlarms.toSorted(byUrgency));
  const press = (...keys: string[]) => keys.map((key) => controls.press(key));
  const said = () =>
    vi.waitFor(() => expect(controls.notice.value).toBeDefined()).then(() => controls.notice.value?.text);
  show(
    active(alarm({ id: 'a', priority: 'high' }), [], first),
    active(alarm({ id: 'b' }), [], first),
    active(alarm({ id: 'c', priority: 'low' }), [], second),
  );
  return { controls, clock, settings, asked, toggled, show, press, said };
};

describe('the keys of an operator', () => {
  it('acknowledge the chosen alarm and no other', async () => {
    const { press, asked, said } = setUp();
    press('m', 'ArrowRight', 'ArrowDown', 'a');
    expect(await said()).toBe('doneAcknowledged');
    expect(asked).toEqual(['acknowledge b']);
  });

  it('walk over one line a bed, and over every alarm once the list of all is open', () => {
    const { press, controls } = setUp();
    const chosen = () => controls.selection.value?.id;
    press('ArrowRight', 'ArrowRight');
    expect(chosen()).toBe('c');
    press('Escape', 'm', 'ArrowDown', 'ArrowDown');
    expect(controls.isListOpen.value).toBe(true);
    expect(chosen()).toBe('b');
    press('Escape');
    expect(controls.isListOpen.value).toBe(false);
    expect(chosen()).toBe(undefined);
  });

  it('put the list of all alarms away when nobody has used it for a minute', () => {
    const { press, controls, clock } = setUp();
    press('m');
    clock.advance(59_000);
    press('ArrowDown');
    clock.advance(59_000);
    expect(controls.isListOpen.value).toBe(true);
    clock.advance(1_000);
    expect(controls.isListOpen.value).toBe(false);
  });

  it('acknowledge every alarm of a chosen bed', async () => {
    const { press, asked, said } = setUp();
    press('ArrowRight', 'ArrowDown', 'A');
    expect(await said()).toBe('doneAcknowledged');
    expect(asked).toEqual(['acknowledge a', 'acknowledge b']);
  });

  it('do nothing while nothing is chosen, and say so', async () => {
    const { press, asked, said } = setUp();
    press('a');
    expect(await said()).toBe('chooseAlarm');
    expect(asked).toEqual([]);
  });

  it('do not pass on to another alarm when the chosen one has gone', async () => {
    const { press, asked, said, show } = setUp();
    press('ArrowRight');
    show(active(alarm({ id: 'b' }), [], first));
    press('a');
    expect(await said()).toBe('chooseAlarm');
    expect(asked).toEqual([]);
  });

  it('pause the sound of the bed of an alarm, and never of the station', async () => {
    const { press, asked, said, controls, show } = setUp();
    press('ArrowRight', 'p');
    expect(await said()).toBe('donePaused');
    expect(asked).toEqual(['pause bed-1']);
    show(active(alarm({ id: 's', kind: 'station-journal', vital: null })));
    controls.select({ kind: 'alarm', id: 's', bed: null, condition: 'low-limit' });
    press('p');
    await vi.waitFor(() => expect(controls.notice.value?.text).toBe('notForStation'));
    expect(asked).toHaveLength(1);
  });

  it('reset a bed only when an alarm of it is over', async () => {
    const { press, asked, said, controls, show } = setUp();
    press('ArrowRight', 'r');
    expect(await said()).toBe('nothingToReset');
    show(active(alarm({ id: 'a', priority: 'high', state: 'latched' }), [], first));
    press('r');
    await vi.waitFor(() => expect(controls.notice.value?.text).toBe('doneReset'));
    expect(asked).toEqual(['reset bed bed-1']);
  });

  it.each([
    ['gone', 'actionGone'],
    ['forbidden', 'actionForbidden'],
    ['refused', 'actionRefused'],
    ['failed', 'actionFailed'],
  ] as const)('say in words when it was not done: %s', async (answer, words) => {
    const { press, said, controls } = setUp({ answer });
    press('ArrowRight', 'a');
    expect(await said()).toBe(words);
    expect(controls.notice.value?.tone).toBe('fault');
  });
});

describe('the keys of a viewer', () => {
  it('answer no alarm and choose nothing', () => {
    const { press, asked, controls } = setUp({ isOperator: false });
    expect(press('ArrowRight', 'a', 'p', 'r')[0]).toBe(false);
    expect(controls.selection.value).toBeNull();
    expect(asked).toEqual([]);
  });

  it('turn the sound on', () => {
    const { press, toggled } = setUp({ isOperator: false });
    expect(press('s', 'S', 'x')).toEqual([true, true, false]);
    expect(toggled.sound).toBe(2);
  });
});

describe('the keys of everyone', () => {
  it('show what the keys are, and Escape takes that away before anything else', () => {
    const { press, controls } = setUp();
    press('ArrowRight', '?');
    expect(controls.isHelpOpen.value).toBe(true);
    press('Escape');
    expect(controls.isHelpOpen.value).toBe(false);
    expect(controls.selection.value).not.toBeNull();
  });

  it('dim the screen, hide names and change the language', () => {
    const { press, settings } = setUp({ isOperator: false });
    press('n', 'i', 'l');
    expect([settings.night.value, settings.initials.value, settings.language.value]).toEqual(['night', true, 'zh']);
  });
});

describe('choosing by touch', () => {
  it('lets go by itself when nobody acts on it', () => {
    const { controls, clock } = setUp();
    controls.select({ kind: 'bed', id: 'bed-2' });
    clock.advance(61_000);
    expect(controls.selection.value).toBeNull();
  });

  it('lets go when touched again', () => {
    const { controls } = setUp();
    controls.select({ kind: 'bed', id: 'bed-2' });
    expect(controls.selection.value).toEqual({ kind: 'bed', id: 'bed-2' });
    controls.select({ kind: 'bed', id: 'bed-2' });
    expect(controls.selection.value).toBeNull();
  });
});
