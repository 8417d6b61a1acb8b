import { describe, expect, it } from 'vitest';
import { alarmText, evidenceText, kindText, limitText, worstText } from '../../../web/parts/alarm-text.ts';
import { bedAlarmView, tileClass } from '../../../web/parts/bed-alarm.ts';
import { type ActiveAlarm, byUrgency } from '../../../web/shell/alarms/survey.ts';
import { bannerView, unansweredIn } from '../../../web/shell/banner/banner-view.ts';
import { voiceOf } from '../../../web/shell/text/language.ts';
import { ALARM_TIME, active, alarm, bedState, inactivation } from '../alarm-samples.ts';

const en = voiceOf('en');
const zh = voiceOf('zh');

const answered = { acknowledged: { by: 'Ann', at: ALARM_TIME } };
const crisis = { condition: 'extreme-bradycardia', priority: 'high' } as const;

describe('an alarm in words', () => {
  it('names its vital where the condition does not', () => {
    expect(alarmText(alarm({}), en)).toBe('Heart rate low');
    expect(alarmText(alarm({}), zh)).toBe('心率过低');
    expect(alarmText(alarm({ condition: 'asystole' }), en)).toBe('Asystole');
    expect(alarmText(alarm({ condition: 'sensor-off', vital: 'spo2' }), en)).toBe('Oxygen saturation sensor off');
    expect(alarmText(alarm({ condition: 'device-silent', vital: null }), zh)).toBe('设备无数据');
  });

  it('tells the limit that was passed, on its side and in the decimals of the vital', () => {
    expect(limitText(alarm({}), en)).toBe('< 50');
    const fever = alarm({ kind: 'temperature-high', condition: 'high-limit', vital: 'temperature', limit: 39 });
    expect(limitText(fever, en)).toBe('> 39.0');
    expect(limitText(alarm({ condition: 'asystole', limit: 0 }), en)).toBe('');
    expect(limitText(alarm({ kind: 'spo2-signal', condition: 'sensor-off', limit: null }), en)).toBe('');
  });

  it('tells how bad it was only when it is over', () => {
    expect(worstText(alarm({}), en)).toBe('');
    expect(worstText(alarm({ state: 'latched' }), en)).toBe('worst 46');
    expect(worstText(alarm({ state: 'latched', worst: null }), en)).toBe('');
  });

  it('names all that was announced as one, and tells what goes on beside it', () => {
    const pulse = { vital: 'pulse-rate', value: 70 } as const;
    const asystole = { ...alarm({ condition: 'asystole', value: 0, limit: 0 }), also: [{ ...pulse, limit: null }] };
    expect(alarmText(asystole, en)).toBe('Asystole, pulse 70: check leads');
    expect(alarmText(asystole, zh)).toBe('心搏停止，脉率 70：请检查导联');
    expect(evidenceText(asystole, en)).toBe('');
    const joint = {
      ...alarm({ kind: 'heart-rate-high', condition: 'high-limit' }),
      also: [{ ...pulse, value: 131, limit: 120 }],
    };
    expect(alarmText(joint, en)).toBe('Heart rate + Pulse rate high');
    expect(evidenceText(joint, en)).toBe('PR 131');
    const alone = { ...alarm({}), also: [{ ...pulse, limit: null }] };
    expect(alarmText(alone, en)).toBe('Heart rate low');
    expect(evidenceText(alone, zh)).toBe('PR 70');
    const probe = {
      ...alarm({ kind: 'spo2-signal', condition: 'sensor-off', vital: 'spo2', limit: null }),
      also: [{ ...pulse, value: null, limit: null }],
    };
    expect(alarmText(probe, en)).toBe('Oxygen saturation + Pulse rate sensor off');
    expect(evidenceText(probe, en)).toBe('');
  });

  it('has words for a kind that is switched off', () => {
    expect(kindText('respiratory-rate-high', en)).toBe('Respiratory rate high');
    expect(kindText('spo2-signal', zh)).toBe('血氧饱和度信号');
    expect(kindText('device-battery', en)).toBe('Battery');
  });
});

const view = (activeAlarms: ActiveAlarm[], inactivations = [] as ReturnType<typeof inactivation>[]) =>
  bedAlarmView(activeAlarms.toSorted(byUrgency), inactivations, ALARM_TIME, en);

describe('the alarm line of a tile', () => {
  it('says nothing when nothing is seen', () => {
    expect(view([])).toMatchObject({ priority: null, text: '', more: [] });
    const pause = inactivation({ what: 'alarm-paused' });
    expect(view([active(alarm({}), [pause])], [pause])).toMatchObject({
      text: '',
      inactivations: [{ what: 'alarm-paused', words: 'Alarms paused', scope: '', left: '2:00' }],
    });
    expect(tileClass(view([]))).toBe('tile');
  });

  it('shows the highest priority and counts the others', () => {
    const shown = view([
      active(alarm({ id: 'a' })),
      active(alarm({ id: 'b', ...crisis })),
      active(alarm({ id: 'c', priority: 'low', condition: 'sensor-off' })),
    ]);
    expect(shown).toMatchObject({ priority: 'high', tone: 'flashing', text: 'Extreme bradycardia' });
    expect(shown.more).toEqual([
      { priority: 'medium', count: 1 },
      { priority: 'low', count: 1 },
    ]);
    expect(tileClass(shown)).toBe('tile has-alarm alarm-high ground-flash frame-high frame-flashing');
  });

  it('does not let an answered alarm hide a new one, nor a new one hide an answered crisis', () => {
    const shown = view([active(alarm({ id: 'a', ...crisis, ...answered })), active(alarm({ id: 'b' }))]);
    expect(shown).toMatchObject({ priority: 'medium', tone: 'flashing', more: [{ priority: 'high', count: 1 }] });
    expect(tileClass(shown)).toBe('tile has-alarm alarm-medium ground-flash frame-high frame-steady');
  });

  it('is steady once answered, and goes on for what is over and was not seen', () => {
    expect(tileClass(view([active(alarm(answered))]))).toBe(
      'tile has-alarm alarm-medium ground-quiet frame-medium frame-steady',
    );
    expect(view([active(alarm({ ...crisis, state: 'latched' }))]).tone).toBe('over');
  });

  it('keeps the frame of a crisis that is over flashing behind something lesser that goes on', () => {
    const shown = view([active(alarm({ id: 'a', ...crisis, state: 'latched' })), active(alarm({ id: 'b' }))]);
    expect(shown).toMatchObject({ priority: 'medium', tone: 'flashing', more: [{ priority: 'high', count: 1 }] });
    expect(tileClass(shown)).toBe('tile has-alarm alarm-medium ground-flash frame-high frame-flashing');
  });

  it('of low priority is an outline, and never flashes', () => {
    const low = active(alarm({ kind: 'spo2-signal', condition: 'sensor-off', priority: 'low' }));
    expect(tileClass(view([low]))).toBe('tile has-alarm alarm-low ground-outline frame-low frame-steady');
  });

  it('tells what is paused or off, of what, and for how long', () => {
    const now = ALARM_TIME + 60_400;
    const pauses = [inactivation({}), inactivation({ what: 'alarm-off', kind: 'heart-rate-low', until: null })];
    expect(bedAlarmView([], pauses, now, en).inactivations).toEqual([
      { what: 'audio-paused', words: 'Audio paused', scope: '', left: '1:00' },
      { what: 'alarm-off', words: 'Alarm off', scope: 'Heart rate low', left: '' },
    ]);
  });
});

describe('the banner', () => {
  const bed = bedState({ label: 'ICU 4' });

  it('lists what is seen with its place, and counts it', () => {
    const pause = [inactivation({})];
    const shown = bannerView(
      [
        active(alarm({ id: 'a', ...crisis, state: 'latched' }), [], bed),
        active(alarm({ id: 'b' }), pause, bed),
        active(alarm({ id: 'c', kind: 'station-database', condition: 'database-away', vital: null, priority: 'low' })),
      ],
      en,
    );
    expect(shown.counts).toEqual({ high: 1, medium: 1, low: 1 });
    expect(shown.items).toMatchObject([
      { id: 'a', bed: 'bed-1', place: 'ICU 4', tone: 'over', text: 'Extreme bradycardia', detail: 'worst 46' },
      { id: 'b', tone: 'flashing', isAudioPaused: true, detail: '< 50' },
      { id: 'c', bed: null, place: 'Station', text: 'Database away', detail: '' },
    ]);
  });

  it('names a gateway that is lost, and its beds, for the station', () => {
    const lost = {
      kind: 'gateway-link:bridge-01',
      condition: 'gateway-lost',
      vital: null,
      gateway: 'bridge-01',
    } as const;
    const { items } = bannerView([active(alarm({ ...lost, beds: 40 })), active(alarm({ ...lost, beds: 1 }))], en);
    expect(items.map(({ place, text }) => [place, text])).toEqual([
      ['Station', 'Gateway bridge-01 lost: 40 beds'],
      ['Station', 'Gateway bridge-01 lost: 1 bed'],
    ]);
    expect(bannerView([active(alarm({ ...lost, beds: 40 }))], zh).items[0]?.text).toBe('网关 bridge-01 断开：40 张床');
  });

  it('has a line for each bed, behind which nothing unanswered goes uncounted', () => {
    const crowded = Array.from({ length: 40 }, (_, place) => bedState({ id: `bed-${place}`, label: `${place}` }));
    const activeAlarms = crowded.flatMap((each, place) => [
      active(alarm({ id: `${place} answered`, ...crisis, ...answered, decidedAt: ALARM_TIME + 1 }), [], each),
      active(alarm({ id: `${place} over`, ...crisis, state: 'latched' }), [], each),
      ...(place % 4 === 0 ? [active(alarm({ id: `${place} waits`, ...crisis }), [], each)] : []),
      active(alarm({ id: `${place} low`, priority: 'low', condition: 'sensor-off', ...answered }), [], each),
    ]);
    const { items, lines } = bannerView(activeAlarms.toSorted(byUrgency), en);
    expect(items).toHaveLength(130);
    expect(lines).toHaveLength(40);
    expect(new Set(lines.map(({ bed: id }) => id)).size).toBe(40);
    expect(lines.slice(0, 10).every(({ id }) => id.endsWith('waits'))).toBe(true);
    expect(lines[0]).toMatchObject({ id: '0 waits', more: [{ priority: 'high', count: 1 }] });
    expect(lines[10]).toMatchObject({ tone: 'over', more: [] });
    expect(unansweredIn(lines.slice(4))).toEqual([{ priority: 'high', count: 6 + 6 + 30 }]);
    expect(unansweredIn([])).toEqual([]);
  });

  it('leaves out what is not to be seen', () => {
    const paused = active(alarm({}), [inactivation({ what: 'alarm-paused' })], bed);
    expect(bannerView([paused], en)).toEqual({ items: [], lines: [], counts: { high: 0, medium: 0, low: 0 } });
  });
});

describe('the remaining time', () => {
  it('is rounded up, so that it reads nothing only at the end', () => {
    expect([120_000, 119_001, 59_999, 1, 0, -5_000].map(en.countdown)).toEqual([
      '2:00',
      '2:00',
      '1:00',
      '0:01',
      '0:00',
      '0:00',
    ]);
  });
});
