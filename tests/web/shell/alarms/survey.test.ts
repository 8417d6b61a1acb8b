import { describe, expect, it } from 'vitest';
import { survey } from '../../../../web/shell/alarms/survey.ts';
import { createUnitState, createWardState, type WardState } from '../../../../web/shell/live/state.ts';
import { ALARM_TIME, alarm, bedState, inactivation } from '../../alarm-samples.ts';

const ward = (...beds: Parameters<typeof bedState>[0][]): WardState => {
  const state = createWardState();
  const unit = createUnitState('icu', 'ICU');
  for (const [place, change] of beds.entries()) {
    const bed = bedState({ id: `bed-${place}`, ...change });
    unit.beds.set(bed.id, bed);
  }
  state.units.set('icu', unit);
  return state;
};

describe('the survey of alarms', () => {
  it('puts the highest priority first and of those the newest, beds and station together', () => {
    const state = ward(
      { alarms: [alarm({ id: 'old' }), alarm({ id: 'low', priority: 'low', decidedAt: ALARM_TIME + 9 })] },
      { alarms: [alarm({ id: 'high', priority: 'high', decidedAt: ALARM_TIME - 9 })] },
    );
    state.stationAlarms = [alarm({ id: 'station', kind: 'station-journal', vital: null, decidedAt: ALARM_TIME + 1 })];
    expect(survey(state, ALARM_TIME).map((each) => [each.alarm.id, each.bed?.id])).toEqual([
      ['high', 'bed-1'],
      ['station', undefined],
      ['old', 'bed-0'],
      ['low', 'bed-0'],
    ]);
  });

  it('puts what waits for an answer before what is over, and that before what was answered, whatever the priority', () => {
    const answered = { acknowledged: { by: 'Ann', at: ALARM_TIME } };
    const state = ward(
      { alarms: [alarm({ id: 'answered crisis', priority: 'high', decidedAt: ALARM_TIME + 9, ...answered })] },
      { alarms: [alarm({ id: 'crisis that is over', priority: 'high', state: 'latched' })] },
      { alarms: [alarm({ id: 'waiting' }), alarm({ id: 'waiting too', priority: 'low' })] },
      { alarms: [alarm({ id: 'waiting crisis', priority: 'high', decidedAt: ALARM_TIME - 60_000 })] },
      { alarms: [alarm({ id: 'over', state: 'latched' })] },
    );
    expect(survey(state, ALARM_TIME).map((each) => each.alarm.id)).toEqual([
      'waiting crisis',
      'waiting',
      'waiting too',
      'crisis that is over',
      'over',
      'answered crisis',
    ]);
  });

  it('holds an alarm back as long as its pause lasts by our clock', () => {
    const pause = inactivation({ what: 'alarm-paused', until: ALARM_TIME + 1_000 });
    const state = ward({ alarms: [alarm({})], inactivations: [pause] });
    const seenAt = (nowMs: number) => survey(state, nowMs)[0]?.signal.isSeen;
    expect(seenAt(ALARM_TIME + 999)).toBe(false);
    expect(seenAt(ALARM_TIME + 1_000)).toBe(true);
  });

  it('holds nothing back in other beds', () => {
    const state = ward({ inactivations: [inactivation({ what: 'alarm-paused' })] }, { alarms: [alarm({})] });
    expect(survey(state, ALARM_TIME)[0]?.signal).toMatchObject({ isSeen: true, isHeard: true });
  });
});
