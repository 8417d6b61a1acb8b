import { describe, expect, test } from 'vitest';
import { ActionRefusedError, actionRefusal } from '#domain/alarms/actions.ts';
import type { AlarmAction } from '#domain/alarms/alarm.ts';
import { type AlarmConfig, PRESETS } from '#domain/alarms/settings.ts';
import { signalOf } from '#domain/alarms/signal.ts';
import { createQuickBed, createTestBed, START, type TestBed } from './support/test-bed.ts';

/** Section 5 of docs/alarms-spec.md: latching, acknowledging, pausing. */

/** Nothing is told of a bed that is never heard: these are about pauses alone. */
const UNHEARD: AlarmConfig = { ...PRESETS.adult, rules: 1 };

/** Describes every open alarm: its kind, `seen` or not, `heard` or not, and what holds it back. */
const signals = (bed: TestBed): string[] =>
  bed.open().map((alarm) => {
    const { isSeen, isHeard, inactivation } = signalOf(alarm, bed.state().inactivations);
    return [alarm.kind, isSeen ? 'seen' : 'hidden', isHeard ? 'heard' : 'silent', inactivation ?? ''].join(' ').trim();
  });

describe('acknowledging', () => {
  test('E1: silences one alarm and hides none; another kind alarms as ever', () => {
    const bed = createQuickBed()
      .run(6, { 'heart-rate': 45 })
      .acknowledge('heart-rate-low')
      .run(11, { 'heart-rate': 45, spo2: 85 });
    expect(signals(bed)).toEqual(['heart-rate-low seen silent acknowledged', 'spo2-low seen heard']);
  });

  test('E1: of two that are there it silences the one that was meant', () => {
    const bed = createQuickBed().run(12, { 'heart-rate': 45, spo2: 85 }).acknowledge('spo2-low');
    expect(signals(bed)).toEqual(['heart-rate-low seen heard', 'spo2-low seen silent acknowledged']);
    expect(bed.told().slice(2)).toEqual(['12 s acknowledged spo2-low low-limit Ada']);
  });

  test('E1: twice is once, by the first', () => {
    const bed = createQuickBed()
      .run(6, { 'heart-rate': 45 })
      .acknowledge('heart-rate-low')
      .acknowledge('heart-rate-low', 'Bob');
    expect(bed.told().slice(1)).toEqual(['6 s acknowledged heart-rate-low low-limit Ada']);
    expect(bed.alarm('heart-rate-low')?.acknowledged).toEqual({ by: 'Ada', at: START + 6_000 });
  });

  test('E2: an escalation takes it back', () => {
    const bed = createQuickBed()
      .run(6, { 'heart-rate': 45 })
      .acknowledge('heart-rate-low')
      .run(1, { 'heart-rate': 30 });
    expect(signals(bed)).toEqual(['heart-rate-low seen heard']);
  });
});

describe('latching', () => {
  const latched = () => createQuickBed().run(1, { 'heart-rate': 30 }).run(1, { 'heart-rate': 70 });

  test('E3: an alarm of high priority that nobody has seen stays after its condition', () => {
    const bed = latched().run(300, { 'heart-rate': 70 });
    expect(bed.told()).toEqual([
      '0 s onset heart-rate-low extreme-bradycardia',
      '1 s latched heart-rate-low extreme-bradycardia recovered',
    ]);
    expect(signals(bed)).toEqual(['heart-rate-low seen heard']);
  });

  test('E2, E3: the condition that comes back makes the same alarm active again, and heard', () => {
    const bed = latched().pause(60);
    const { id } = bed.alarm('heart-rate-low') ?? {};
    expect(signals(bed)).toEqual(['heart-rate-low seen silent audio-paused']);
    bed.run(1, { 'heart-rate': 30 });
    expect(bed.alarm('heart-rate-low')).toMatchObject({ id, state: 'active', recurrences: 1 });
    expect(signals(bed)).toEqual(['heart-rate-low seen heard']);
  });

  describe('with a milder level that holds', () => {
    const milder = (forSeconds: number) => latched().run(forSeconds, { 'heart-rate': 45 });
    const acknowledged = (at: string) => [
      `${at} acknowledged heart-rate-low extreme-bradycardia Ada`,
      `${at} ended heart-rate-low extreme-bradycardia acknowledged Ada`,
    ];

    test('E3, E4: seen after its delay it ends, and the milder level opens an alarm of its own at once', () => {
      const bed = milder(10);
      const { id } = bed.alarm('heart-rate-low') ?? {};
      expect(bed.told()).toHaveLength(2);
      bed.acknowledge('heart-rate-low').wait(1);
      expect(bed.told()).toEqual([...acknowledged('12 s'), '12 s onset heart-rate-low low-limit']);
      expect(bed.alarm('heart-rate-low')?.id).not.toBe(id);
      expect(bed.alarm('heart-rate-low')).toMatchObject({ startedAt: START + 2_000, value: 45, limit: 50 });
    });

    test('E3, E4: reset before its delay is over it ends, and the milder level alarms when it is', () => {
      const bed = milder(3).act({ type: 'reset', by: 'Ada', alarm: null }).run(3, { 'heart-rate': 45 });
      expect(bed.told().slice(2)).toEqual([
        '5 s ended heart-rate-low extreme-bradycardia reset Ada',
        '7 s onset heart-rate-low low-limit',
      ]);
    });

    test('A3, E3: what a slow link brought held already; a normal value at the moment it is seen prevents the alarm', () => {
      const late = () => latched().send({ 'heart-rate': 45 }, 999).wait(5).send({ 'heart-rate': 45 }).wait(0.5);
      const slow = latched().wait(8).send({ 'heart-rate': 45 }, 7_000).send({ 'heart-rate': 45 });
      expect(slow.acknowledge('heart-rate-low').wait(0.001).told().slice(2)).toEqual([
        ...acknowledged('10 s'),
        '10 s onset heart-rate-low low-limit',
      ]);
      const recovered = late().acknowledge('heart-rate-low').send({ 'heart-rate': 70 }).wait(1);
      expect(recovered.told().slice(2)).toEqual(acknowledged('7.5 s'));
    });
  });

  test('E3: which priorities latch is set; technical alarms never do', () => {
    const bed = createQuickBed({ settings: { latching: { low: true, medium: true } } });
    bed.run(6, { 'heart-rate': 45 }).run(1, { 'heart-rate': 70 });
    bed.tell({ type: 'device', batteryPercent: 5 }).tell({ type: 'device', batteryPercent: 50 });
    expect(bed.open()).toMatchObject([{ kind: 'heart-rate-low', state: 'latched' }]);
  });

  test('E4: an alarm that was acknowledged, or is not latching, ends with its condition', () => {
    const seen = createQuickBed()
      .run(1, { 'heart-rate': 30 })
      .acknowledge('heart-rate-low')
      .run(1, { 'heart-rate': 70 });
    const mild = createQuickBed().run(6, { 'heart-rate': 45 }).run(1, { 'heart-rate': 70 });
    expect([seen.open(), mild.open()]).toEqual([[], []]);
  });

  test('E4: acknowledging a latched alarm ends it, and so does a reset of it or of all', () => {
    expect(latched().acknowledge('heart-rate-low').told().slice(2)).toEqual([
      '2 s acknowledged heart-rate-low extreme-bradycardia Ada',
      '2 s ended heart-rate-low extreme-bradycardia acknowledged Ada',
    ]);
    const one = latched();
    one.act({ type: 'reset', by: 'Ada', alarm: one.alarm('heart-rate-low')?.id ?? '' });
    const all = latched().act({ type: 'reset', by: 'Ada', alarm: null });
    const ended = ['2 s ended heart-rate-low extreme-bradycardia reset Ada'];
    expect([one.told().slice(2), all.told().slice(2)]).toEqual([ended, ended]);
  });

  test('E4: a reset of all leaves what still holds', () => {
    const bed = latched().run(12, { 'heart-rate': 70, spo2: 70 }).act({ type: 'reset', by: 'Ada', alarm: null });
    expect(bed.open().map(({ kind }) => kind)).toEqual(['spo2-low']);
  });
});

describe('pauses', () => {
  test('E5: audio paused is seen as ever and heard again when it ends', () => {
    const bed = createQuickBed().run(1, { 'heart-rate': 30 }).pause(60);
    expect(signals(bed)).toEqual(['heart-rate-low seen silent audio-paused']);
    bed.run(60, { 'heart-rate': 30 });
    expect(signals(bed)).toEqual(['heart-rate-low seen silent audio-paused']);
    bed.run(2, { 'heart-rate': 30 });
    expect(signals(bed)).toEqual(['heart-rate-low seen heard']);
    expect(bed.told()).toContain('61 s reactivated audio-paused');
  });

  test('E5: what is new in it and of high priority is heard, what is milder is not', () => {
    const bed = createQuickBed().run(1, { 'heart-rate': 70 }).pause(120).run(12, { 'heart-rate': 30, spo2: 85 });
    expect(signals(bed)).toEqual(['heart-rate-low seen heard', 'spo2-low seen silent audio-paused']);
  });

  test('E5: what becomes of high priority in it is heard', () => {
    const bed = createQuickBed().run(6, { 'heart-rate': 45 }).pause(120);
    expect(signals(bed)).toEqual(['heart-rate-low seen silent audio-paused']);
    expect(signals(bed.run(1, { 'heart-rate': 30 }))).toEqual(['heart-rate-low seen heard']);
  });

  test.each(['alarm-paused', 'alarm-off'] as const)(
    'E6: %s hides what is not of high priority, and it is decided and kept',
    (what) => {
      const until = what === 'alarm-paused' ? START + 120_000 : null;
      const bed = createQuickBed().act({ type: 'inactivate', by: 'Ada', what, kind: 'heart-rate-low', until });
      bed.run(12, { 'heart-rate': 45, spo2: 85 });
      expect(signals(bed)).toEqual([`heart-rate-low hidden silent ${what}`, 'spo2-low seen heard']);
      expect(bed.told()).toContain('5 s onset heart-rate-low low-limit');
      expect(signals(bed.run(1, { 'heart-rate': 30 }))).toEqual(['heart-rate-low seen heard', 'spo2-low seen heard']);
    },
  );

  test('E7: a pause ends at the time it said, alarm off when somebody ends it', () => {
    const bed = createTestBed({ config: UNHEARD })
      .pause(60)
      .act({ type: 'inactivate', by: 'Ada', what: 'alarm-off', kind: 'spo2-low', until: null });
    bed.wait(86_400);
    expect(bed.told().slice(2)).toEqual(['60 s reactivated audio-paused']);
    bed.act({ type: 'reactivate', by: 'Bob', what: 'alarm-off', kind: 'spo2-low' });
    expect(bed.told()).toEqual(['86400 s reactivated alarm-off spo2-low Bob']);
  });

  test('E7: a pause that ended while the station was away ended at its time; one that a clock put back would prolong ends now', () => {
    const away = createQuickBed().pause(60).pause(30, 'alarm-paused').away(3_600);
    expect(away.told().slice(2)).toEqual(['30 s reactivated alarm-paused', '60 s reactivated audio-paused']);
    const back = createTestBed({ config: UNHEARD }).wait(7_200).pause(60).skip(-3_600).tell({ type: 'resumed' });
    expect(back.told().slice(1)).toEqual(['3600 s reactivated audio-paused']);
    const still = createQuickBed().pause(60).wait(20).away(20);
    expect(still.told().slice(1)).toEqual([]);
    expect(still.wait(21).told()).toEqual(['60 s reactivated audio-paused']);
  });

  test('E7: the same pause again takes the place of the first', () => {
    const bed = createTestBed({ config: UNHEARD }).pause(60).wait(30).pause(60).wait(61);
    expect(bed.told()).toEqual([
      '0 s inactivated audio-paused Ada',
      '30 s inactivated audio-paused Ada',
      '90 s reactivated audio-paused',
    ]);
  });
});

describe('what makes no sense', () => {
  const action = (rest: Record<string, unknown>): AlarmAction =>
    ({ at: START, by: 'Ada', kind: null, ...rest }) as AlarmAction;
  const MINUTE_LATER = START + 60_000;

  test.each<[string, Record<string, unknown>, 'not-found' | 'invalid']>([
    ['acknowledging no alarm', { type: 'acknowledge', alarm: 'none' }, 'not-found'],
    ['resetting no alarm', { type: 'reset', alarm: 'none' }, 'not-found'],
    ['a pause without an end', { type: 'inactivate', what: 'audio-paused', until: null }, 'invalid'],
    ['a pause that has ended', { type: 'inactivate', what: 'audio-paused', until: START }, 'invalid'],
    ['a pause too long', { type: 'inactivate', what: 'alarm-paused', until: START + 180_001 }, 'invalid'],
    [
      'a pause of no kind',
      { type: 'inactivate', what: 'audio-paused', kind: 'mood-low', until: MINUTE_LATER },
      'invalid',
    ],
    ['alarm off of all', { type: 'inactivate', what: 'alarm-off', until: null }, 'invalid'],
    ['alarm off of a signal', { type: 'inactivate', what: 'alarm-off', kind: 'spo2-signal', until: null }, 'invalid'],
    [
      'alarm off with an end',
      { type: 'inactivate', what: 'alarm-off', kind: 'spo2-low', until: MINUTE_LATER },
      'invalid',
    ],
    ['ending what no kind has', { type: 'reactivate', what: 'alarm-off', kind: 'mood-low' }, 'invalid'],
  ])('E8: %s is refused and changes nothing', (_what, rest, reason) => {
    const bed = createQuickBed().run(6, { 'heart-rate': 45 });
    const before = { open: bed.open(), inactivations: bed.state().inactivations, revision: bed.state().revision };
    const refusal = actionRefusal(action(rest), bed.open(), PRESETS.adult);
    expect(refusal).toBeInstanceOf(ActionRefusedError);
    expect(refusal?.reason).toBe(reason);
    bed.told();
    bed.act(action({ ...rest, ...(typeof rest.until === 'number' ? { until: bed.now() + rest.until - START } : {}) }));
    expect(bed.told()).toEqual([]);
    expect({ open: bed.open(), inactivations: bed.state().inactivations, revision: bed.state().revision }).toEqual(
      before,
    );
  });

  test('E8: a reset of what still holds is refused', () => {
    const bed = createQuickBed().run(1, { 'heart-rate': 30 });
    const reset = action({ type: 'reset', alarm: bed.alarm('heart-rate-low')?.id });
    expect(actionRefusal(reset, bed.open(), PRESETS.adult)?.reason).toBe('invalid');
    expect(bed.act(reset).open()).toHaveLength(1);
  });

  test('E8: what makes sense is not refused', () => {
    expect(
      actionRefusal(action({ type: 'inactivate', what: 'audio-paused', until: START + 180_000 }), [], PRESETS.adult),
    ).toBeUndefined();
    expect(
      actionRefusal(
        action({ type: 'inactivate', what: 'alarm-off', kind: 'spo2-low', until: null }),
        [],
        PRESETS.adult,
      ),
    ).toBeUndefined();
    expect(actionRefusal(action({ type: 'reset', alarm: null }), [], PRESETS.adult)).toBeUndefined();
  });
});

test('E9: everything that a person does is told with their name', () => {
  const bed = createQuickBed().run(1, { 'heart-rate': 30 }).acknowledge('heart-rate-low', 'Ada').pause(60);
  bed.act({ type: 'reactivate', by: 'Bob', what: 'audio-paused', kind: null });
  expect(bed.told().slice(1)).toEqual([
    '1 s acknowledged heart-rate-low extreme-bradycardia Ada',
    '1 s inactivated audio-paused Ada',
    '1 s reactivated audio-paused Bob',
  ]);
});
