import { signal } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import type { MonitorAlarm } from '#domain/monitor-alarms/alarm.ts';
import { MONITOR_EVENT_IDS } from '#domain/monitor-alarms/events.ts';
import { bedAlarmView } from '../../../web/parts/bed-alarm.ts';
import { anyAlarmDetail, monitorAlarmText } from '../../../web/parts/monitor/alarm.ts';
import { alarmsOfBed, joinTwins, originOf } from '../../../web/shell/alarms/survey.ts';
import { createVerbs } from '../../../web/shell/alarms/verbs.ts';
import { bannerView } from '../../../web/shell/banner/banner-view.ts';
import { voiceOf } from '../../../web/shell/text/language.ts';
import { entryOf, reportOf, runAll } from '../../domain/monitor-alarms/support/reports.ts';
import { ALARM_TIME, alarm, bedState, inactivation } from '../alarm-samples.ts';

/** Alarms that monitors report, as screens show them beside the station's own. */

const voice = voiceOf('en');

const told = (entry: Parameters<typeof entryOf>[1] = {}, change: Partial<MonitorAlarm> = {}): MonitorAlarm => {
  const [opened] = runAll([reportOf(ALARM_TIME, [entryOf('start', entry)])]).open;
  if (!opened) throw new Error('nothing began');
  return { ...opened, ...change };
};

const ASYSTOLE = { event: 'MDC_EVT_ECG_ASYSTOLE', text: '***ASYSTOLE' };
const ours = (change = {}) => alarm({ id: 'ours', kind: 'heart-rate-low', vital: 'heart-rate', ...change });

const joined = (monitorAlarms: MonitorAlarm[], alarms = [ours({ condition: 'low-limit', priority: 'medium' })]) =>
  joinTwins(alarmsOfBed(bedState({ alarms, monitorAlarms }), ALARM_TIME));

describe('the words of an alarm of a monitor', () => {
  it('are those of its event where it is known, in both languages', () => {
    expect(monitorAlarmText(told(), voice)).toBe('Ventricular tachycardia');
    expect(monitorAlarmText(told(), voiceOf('zh'))).toBe('室性心动过速');
    for (const event of MONITOR_EVENT_IDS) expect(monitorAlarmText(told({ event }), voice)).not.toBe('');
  });

  it('name the metric of a limit', () => {
    const limit = told({ event: null, code: 196674, source: 'MDC_PULS_OXIM_SAT_O2', value: 86, limits: [90, 100] });
    expect(monitorAlarmText(limit, voice)).toBe('Oxygen saturation low');
    expect(anyAlarmDetail(limit, voice)).toContain('86 (90–100)');
  });

  it('are its own text where nobody knows the event, and its number where it has none', () => {
    expect(monitorAlarmText(told({ event: 'MDC_EVT_NEW', text: 'BIGEMINY' }), voice)).toBe('BIGEMINY');
    expect(monitorAlarmText(told({ event: null, text: null }), voice)).toBe('Alarm 1 of the monitor');
  });

  it('say that it is not confirmed any more', () => {
    expect(monitorAlarmText(told({}, { unconfirmed: 'continues' }), voice)).toContain('not confirmed');
  });
});

describe('one condition that the station and a monitor tell', () => {
  it('is one line: of the higher priority, marked with who says so', () => {
    const [only, ...rest] = joined([told(ASYSTOLE)]);
    expect(rest).toEqual([]);
    expect(only && [only.alarm.priority, only.twins.length, originOf(only)]).toEqual(['high', 1, 'both']);
    const view = bedAlarmView(joined([told(ASYSTOLE)]), [], ALARM_TIME, voice);
    expect([view.text, view.mark, view.more]).toEqual(['Asystole', '+ Monitor', []]);
  });

  it('is two where they tell of different ones, and a monitor alone is marked', () => {
    const both = joined([told()]);
    expect(both.map(originOf)).toEqual(['monitor', 'station']);
    expect(bannerView(both, voice).items.map(({ mark }) => mark)).toEqual(['Monitor', '']);
  });

  it('stands by the one that nobody has answered yet', () => {
    const answered = told(ASYSTOLE, { acknowledged: { by: 'Ada', at: ALARM_TIME } });
    expect(joined([answered])[0]?.alarm.id).toBe('ours');
  });

  it('is answered together', async () => {
    const asked: string[] = [];
    const banner = bannerView(joined([told(ASYSTOLE)]), voice);
    const actions = {
      acknowledge: async (id: string) => {
        asked.push(id);
        return 'done' as const;
      },
      resetAlarm: async () => 'done' as const,
      resetBed: async () => 'done' as const,
      pauseAudio: async () => 'done' as const,
    };
    const verbs = createVerbs({ banner: signal(banner), actions });
    const notice = await verbs.acknowledge({ kind: 'bed', id: 'bed-1' });
    expect(notice.text).toBe('doneAcknowledgedHere');
    expect(asked.sort()).toEqual([told(ASYSTOLE).id, 'ours'].sort());
  });
});

describe('what is heard of an alarm of a monitor', () => {
  const heard = (change: Partial<MonitorAlarm>, what: 'audio-paused' | 'alarm-paused') => {
    const pause = inactivation({ what, since: ALARM_TIME + 1_000, until: ALARM_TIME + 120_000 });
    const bed = bedState({ monitorAlarms: [told({}, change)], inactivations: [pause] });
    return alarmsOfBed(bed, ALARM_TIME + 2_000)[0]?.signal;
  };

  it('is nothing while the bed is paused, unless it is of high priority and came after the pause began', () => {
    expect(heard({}, 'audio-paused')).toMatchObject({ isSeen: true, isHeard: false });
    expect(heard({ raisedAt: ALARM_TIME + 1_500 }, 'audio-paused')).toMatchObject({ isHeard: true });
    expect(heard({ priority: 'medium', raisedAt: ALARM_TIME + 1_500 }, 'audio-paused')).toMatchObject({
      isHeard: false,
    });
    expect(heard({ priority: 'medium' }, 'alarm-paused')).toMatchObject({ isSeen: false });
    expect(heard({}, 'alarm-paused')).toMatchObject({ isSeen: true });
  });
});
