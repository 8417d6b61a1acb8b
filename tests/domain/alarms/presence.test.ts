import { describe, expect, test } from 'vitest';
import { alarmsToCarry } from '#domain/alarms/moves.ts';
import { PRESETS } from '#domain/alarms/settings.ts';
import { signalOf } from '#domain/alarms/signal.ts';
import { createTestBed, START } from './support/test-bed.ts';

/** Beds of which nothing is heard, beds on standby, and patients who move: sections 4 and 5 of docs/alarms-spec.md. */

const standby = { type: 'inactivate', by: 'Ada', what: 'standby', kind: null, until: null } as const;
const endStandby = { type: 'reactivate', by: 'Ada', what: 'standby', kind: null } as const;

describe('a bed of which nothing was ever heard', () => {
  test('D8: is not monitored after a minute, and is with the first reading', () => {
    const bed = createTestBed().wait(60);
    expect(bed.told()).toEqual([]);
    expect(bed.wait(1).told()).toEqual(['60 s onset device-data not-monitored']);
    expect(bed.alarm('device-data')).toMatchObject({ priority: 'medium', startedAt: START });
    expect(bed.run(1, { 'heart-rate': 70 }).told()).toEqual(['61 s ended device-data not-monitored recovered']);
  });

  test('D8: counts from the start of the station, and from another patient', () => {
    const bed = createTestBed().wait(50).away(600);
    expect(bed.wait(60).told()).toEqual([]);
    bed.tell({ type: 'occupied', device: 'monitor-1', encounter: 2, config: bed.config() });
    expect(bed.wait(60).told()).toEqual([]);
    expect(bed.wait(1).told()).toEqual(['770 s onset device-data not-monitored']);
  });

  test('D8: a device that was heard is silent instead, and a bed without a device is nothing', () => {
    const heard = createTestBed().run(1, { spo2: 97 }).wait(120);
    expect(heard.told()).toEqual(['10 s onset device-link device-silent']);
    const empty = createTestBed();
    empty.tell({ type: 'occupied', device: null, encounter: 1, config: empty.config() });
    expect(empty.wait(600).told()).toEqual([]);
  });

  test('D8: one whose device sends each minute has the time for two messages', () => {
    const bed = createTestBed().tell({ type: 'device', intervalMs: 60_000 }).wait(150);
    expect(bed.told()).toEqual([]);
    expect(bed.wait(1).told()).toEqual(['150 s onset device-data not-monitored']);
  });

  test('D8: by the rules of release 0.1.0 it raises nothing', () => {
    const bed = createTestBed({ config: { ...PRESETS.adult, rules: 1 } });
    expect(bed.wait(600).told()).toEqual([]);
  });
});

describe('a device that sends each minute', () => {
  test('D2: may end its connection in between, and is offline once two messages are missing', () => {
    const bed = createTestBed().tell({ type: 'device', intervalMs: 60_000 }).run(1, { 'heart-rate': 70 });
    expect(bed.tell({ type: 'device', online: false }).wait(140).told()).toEqual([]);
    expect(bed.wait(20).told()).toEqual(['150 s onset device-link device-offline']);
  });
});

describe('standby', () => {
  test('E10: ends what is open for want of data, and nothing is missed until somebody ends it', () => {
    const bed = createTestBed().run(21, { 'heart-rate': 70, spo2: null }).wait(11);
    bed.told();
    bed.act(standby);
    expect(bed.told()).toEqual([
      '32 s ended device-link device-silent inhibited Ada',
      '32 s ended spo2-signal sensor-off inhibited Ada',
      '32 s inactivated standby Ada',
    ]);
    expect(bed.tell({ type: 'device', online: false }).wait(3_600).told()).toEqual([]);
    bed.act(endStandby);
    expect(bed.told()).toEqual(['3632 s reactivated standby Ada']);
    expect(bed.wait(5).told()).toEqual([]);
    expect(bed.wait(6).told()).toEqual(['3637 s onset device-link device-offline']);
  });

  test('E10: a bed whose device was never heard is not missed either, and is when it ends', () => {
    const bed = createTestBed().act(standby).wait(600);
    expect(bed.told()).toEqual(['0 s inactivated standby Ada']);
    expect(bed.act(endStandby).wait(61).told()).toEqual([
      '600 s reactivated standby Ada',
      '660 s onset device-data not-monitored',
    ]);
  });

  test('E10: data that comes after a silence ends it, and is watched like any other', () => {
    const bed = createTestBed().run(3, { 'heart-rate': 70 }).act(standby).run(2, { 'heart-rate': 70 }).wait(60);
    bed.told();
    bed.run(6, { 'heart-rate': 45 });
    expect(bed.told()).toEqual(['65 s reactivated standby', '70 s onset heart-rate-low low-limit']);
    expect(bed.wait(10).told()).toEqual(['80 s onset device-link device-silent']);
  });

  test('E10: data that goes on coming ends it after two minutes: nobody unplugged the device', () => {
    const bed = createTestBed().run(3, { 'heart-rate': 70 }).act(standby).run(119, { 'heart-rate': 70 });
    expect(bed.told()).toEqual(['3 s inactivated standby Ada']);
    expect(bed.run(2, { 'heart-rate': 70 }).told()).toEqual(['123 s reactivated standby']);
  });

  test('E10: a value past its limit alarms on standby as ever, seen and heard', () => {
    const bed = createTestBed().run(3, { 'heart-rate': 70 }).act(standby).run(6, { 'heart-rate': 45 });
    const [alarm] = bed.open();
    expect(alarm?.kind).toBe('heart-rate-low');
    expect(alarm && signalOf(alarm, bed.state().inactivations)).toEqual({
      isSeen: true,
      isHeard: true,
      inactivation: null,
    });
  });

  test('E10: a discharge brings it, an admission ends it', () => {
    const bed = createTestBed().run(3, { 'heart-rate': 70 });
    bed.tell({ type: 'occupied', device: 'monitor-1', encounter: null, config: bed.config() });
    expect(bed.told()).toEqual(['3 s inactivated standby']);
    expect(bed.wait(3_600).told()).toEqual([]);
    bed.tell({ type: 'occupied', device: 'monitor-1', encounter: 2, config: bed.config() });
    expect(bed.wait(61).told()).toEqual(['3603 s reactivated standby', '3663 s onset device-data not-monitored']);
  });

  test('E8: of one kind, or with an end, it makes no sense', () => {
    const bed = createTestBed();
    bed.act({ ...standby, kind: 'spo2-low' }).act({ ...standby, until: bed.now() + 60_000 });
    expect(bed.told()).toEqual([]);
  });
});

test('H6: where others are heard, a device of which nothing comes is told, and a bed without any data is one alarm', () => {
  const bed = createTestBed();
  bed.tell({ type: 'occupied', device: 'monitor-1', others: ['vent-1'], encounter: 2, config: bed.config() }).told();
  expect(bed.wait(61).told()).toEqual(['60 s onset device-data not-monitored']);
  bed.send({ 'heart-rate': 70 });
  // The ventilator has had its time by now.
  expect(bed.run(5, { 'heart-rate': 70 }).told()).toEqual([
    '61 s ended device-data not-monitored recovered',
    '61 s onset device-data device-unheard',
  ]);
  expect(bed.alarm('device-data')).toMatchObject({ priority: 'low', device: 'vent-1' });
});

describe('an alarm of high priority that nobody has answered', () => {
  const latched = () => createTestBed().run(30, { spo2: 70 });

  test('D6, D7: goes on when the patient gets another device, and latches when that finds the patient well', () => {
    const bed = latched();
    bed.told();
    const id = bed.alarm('spo2-low')?.id;
    bed.tell({ type: 'occupied', device: 'monitor-2', encounter: 1, config: bed.config() });
    expect(bed.told()).toEqual([]);
    expect(bed.alarm('spo2-low')).toMatchObject({ id, state: 'active', priority: 'high' });
    expect(bed.run(60, { spo2: 97 }).told()).toEqual(['30 s latched spo2-low desaturation recovered']);
    expect(bed.acknowledge('spo2-low').open()).toEqual([]);
  });

  test('D6: by the rules of before, it is latched when the patient gets another device', () => {
    const bed = createTestBed({ config: { ...PRESETS.adult, rules: 2 } }).run(30, { spo2: 70 });
    bed.told();
    bed.tell({ type: 'occupied', device: 'monitor-2', encounter: 1, config: bed.config() });
    expect(bed.told()).toEqual(['30 s latched spo2-low desaturation occupancy']);
    expect(bed.run(60, { spo2: 97 }).told()).toEqual([]);
    expect(bed.acknowledge('spo2-low').open()).toEqual([]);
  });

  test('D7: goes along to another bed under its own id, and comes back there', () => {
    const from = latched();
    const carried = alarmsToCarry(from.state());
    expect(carried).toMatchObject([{ kind: 'spo2-low', state: 'latched' }]);
    const to = createTestBed();
    to.tell({ type: 'occupied', device: 'monitor-2', encounter: 7, config: to.config(), carried });
    expect(to.told()).toEqual(['0 s moved-in spo2-low desaturation occupancy']);
    expect(to.open()).toEqual(carried);
    expect(to.run(30, { spo2: 97 }).told()).toEqual([]);
    expect(to.run(11, { spo2: 70 }).told()).toEqual(['40 s recurred spo2-low desaturation']);
    expect(to.alarm('spo2-low')?.id).toBe(carried[0]?.id);
  });

  test('D7: what came along is not missed as data that was never heard', () => {
    const to = createTestBed();
    const carried = alarmsToCarry(latched().state());
    to.tell({ type: 'occupied', device: 'monitor-2', encounter: 7, config: to.config(), carried }).told();
    expect(to.run(60, { 'heart-rate': 70 }).told()).toEqual([]);
  });

  test('D7: an answered one, a milder one and a technical one do not go along', () => {
    const bed = latched().acknowledge('spo2-low').tell({ type: 'device', batteryPercent: 3 });
    expect(alarmsToCarry(bed.state())).toEqual([]);
    bed.told();
    bed.tell({ type: 'occupied', device: 'monitor-1', encounter: 2, config: bed.config() });
    expect(bed.open()).toEqual([]);
  });
});
