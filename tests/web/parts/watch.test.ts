import { describe, expect, it } from 'vitest';
import type { LiveDevice } from '#contracts/live.ts';
import { MONITORING } from '#domain/monitoring.ts';
import { NOT_KNOWN, watchView } from '../../../web/parts/watch.ts';
import { createUnitState, createWardState } from '../../../web/shell/live/state.ts';
import { createSettings } from '../../../web/shell/settings.ts';
import { voiceOf } from '../../../web/shell/text/language.ts';
import { createBoard } from '../../../web/wall/board.ts';
import { liveDevice } from '../../support/live-device.ts';
import { ALARM_TIME, bedState, inactivation } from '../alarm-samples.ts';

const MINUTE = 60_000;
const patient = { id: 1, name: 'Maria Lopez', ageGroup: 'adult' } as const;

const device = (change: Partial<LiveDevice>): LiveDevice =>
  liveDevice({ bed: 'bed-1', bedSince: ALARM_TIME - 10 * MINUTE, state: 'online', data: 'live', ...change });

const standby = inactivation({ what: 'standby', until: null });

const view = (change: Partial<Parameters<typeof watchView>[0]>, language: 'en' | 'zh' = 'en') =>
  watchView({ patient, devices: [], inactivations: [], ...change }, ALARM_TIME, voiceOf(language));

describe('how a bed is watched', () => {
  it('is told apart: empty, without a device, on standby, by spot readings, and watched', () => {
    expect(view({ patient: null })).toMatchObject({ look: 'empty', title: 'Empty' });
    expect(view({})).toMatchObject({ look: 'unwatched', title: 'NOT WATCHED' });
    expect(view({}).detail).toMatch(/^No device\. /);
    expect(view({ inactivations: [standby] })).toMatchObject({ look: 'standby', title: 'Standby' });
    expect(view({ devices: [device({ intervalMs: MINUTE })] })).toEqual({
      look: 'spot',
      title: 'Spot readings',
      detail: 'every 1 min',
    });
    expect(view({ devices: [device({})] })).toEqual({ look: 'watched', title: '', detail: '' });
  });

  it.each([
    ['not heard since it was connected', { data: 'none', lastLiveAt: null }, 'not-heard'],
    ['late', { data: 'late' }, 'late'],
    ['refused', { data: 'refused' }, 'refused'],
    ['silent', { data: 'none', lastLiveAt: ALARM_TIME - MINUTE }, 'lost'],
  ] as const)('says in both languages that a bed is not watched whose device is %s', (_name, change, monitoring) => {
    for (const language of ['en', 'zh'] as const) {
      const { text } = voiceOf(language);
      const { look, title, detail } = view({ devices: [device(change)] }, language);
      expect({ look, title }).toEqual({ look: 'unwatched', title: text.notWatched });
      expect(detail).toBe(`${MONITORING[monitoring].label[language]}. ${text.watchHelp[monitoring]}`);
    }
  });

  it('is not known without a link', () => {
    expect(watchView({ patient, devices: [], inactivations: [] }, undefined, voiceOf('en'))).toBe(NOT_KNOWN);
  });

  it('is right when one of several devices is heard', () => {
    expect(view({ devices: [device({ data: 'none' }), device({ id: 'other' })] }).look).toBe('watched');
  });

  it('is counted, by unit and together, of the beds that nobody could rely on', () => {
    const state = createWardState();
    state.offered = [
      { id: 'icu', name: 'ICU' },
      { id: 'er', name: 'ER' },
    ];
    for (const { id, name } of state.offered) state.units.set(id, createUnitState(id, name));
    const put = (unit: string, bed: string, change: Parameters<typeof bedState>[0], devices: LiveDevice[] = []) => {
      state.units.get(unit)?.beds.set(bed, bedState({ id: bed, unit, patient, ...change }));
      for (const each of devices) state.units.get(unit)?.devices.set(each.id, each);
    };
    put('icu', 'icu-1', {});
    put('icu', 'icu-2', {}, [device({ id: 'mon-2', bed: 'icu-2', data: 'refused' })]);
    put('icu', 'icu-3', { patient: null });
    put('icu', 'icu-4', { inactivations: [standby] });
    put('er', 'er-1', {}, [device({ id: 'mon-5', bed: 'er-1' })]);
    put('er', 'er-2', {});
    state.rosterVersion += 1;
    const board = createBoard({
      state,
      settings: createSettings(new URLSearchParams(), ['en']),
      sparks: { path: () => '' },
    });
    board.refresh(ALARM_TIME, { state: 'live', silentForMs: 0 }, []);
    expect(board.unwatched.value).toBe(3);
    expect(board.units.value.map(({ id, unwatched }) => [id, unwatched])).toEqual([
      ['icu', 2],
      ['er', 1],
    ]);
    board.refresh(undefined, { state: 'lost', silentForMs: 5_000 }, []);
    expect(board.unwatched.value).toBe(0);
  });
});
