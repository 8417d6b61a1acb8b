import { describe, expect, test } from 'vitest';
import { createQuickBed, createTestBed, type Sent } from './support/test-bed.ts';

/** Section 4 of docs/alarms-spec.md: lost signals and lost devices. */

describe('a signal', () => {
  test.each<[string, Sent, string]>([
    ['null', null, '20 s onset spo2-signal sensor-off'],
    ['zero', 0, '20 s onset spo2-signal sensor-off'],
    ['doubt', [97, 'questionable'], '30 s onset spo2-signal signal-poor'],
    ['what is invalid', [97, 'invalid'], '30 s onset spo2-signal signal-poor'],
    ['null of bad quality', [null, 'invalid'], '20 s onset spo2-signal sensor-off'],
  ])('D1: %s for a minute is told once, and a good value ends it', (_what, sent, onset) => {
    const bed = createTestBed().run(60, { spo2: sent });
    expect(bed.told()).toEqual([onset]);
    expect(bed.send({ spo2: 97 }).told()).toEqual([onset.replace(/^\d+ s onset/, '60 s ended').concat(' recovered')]);
  });

  test('D1: one usable value, or one that is good, and the delay begins anew', () => {
    const off = createTestBed()
      .run(19, { spo2: null })
      .run(1, { spo2: [97, 'questionable'] })
      .run(20, { spo2: null });
    expect(off.told()).toEqual([]);
    expect(off.run(2, { spo2: null }).told()).toEqual(['40 s onset spo2-signal sensor-off']);
    const poor = createTestBed()
      .run(29, { spo2: [97, 'questionable'] })
      .run(1, { spo2: 97 })
      .run(29, { spo2: [97, 'questionable'] });
    expect(poor.told()).toEqual([]);
  });

  test('D1: nothing heard of one vital, while the device speaks of others, is no data', () => {
    const bed = createTestBed().run(1, { spo2: 97, 'heart-rate': 70 }).run(16, { 'heart-rate': 70 });
    expect(bed.told()).toEqual(['15 s onset spo2-signal no-data']);
    expect(bed.run(1, { spo2: null, 'heart-rate': 70 }).told()).toEqual([]);
    expect(bed.run(1, { spo2: 97, 'heart-rate': 70 }).told()).toEqual(['18 s ended spo2-signal no-data recovered']);
  });
});

describe('a vital without a threshold', () => {
  const NONE = { low: null, high: null };

  test('D1: nobody relies on it: a probe that is off does not alarm for its perfusion index', () => {
    const bed = createTestBed().run(60, { spo2: null, 'perfusion-index': null, 'heart-rate': 70 });
    bed.run(60, { spo2: null, 'heart-rate': 70 });
    expect(bed.told()).toEqual(['20 s onset spo2-signal sensor-off']);
  });

  test('D1: one limit, or none but zero, is enough to alarm for its signal', () => {
    const bed = createTestBed({
      settings: { vitals: { 'perfusion-index': { low: 0.3 }, 'respiratory-rate': NONE } },
    });
    bed.run(22, { 'perfusion-index': null, 'respiratory-rate': null });
    expect(bed.told()).toEqual([
      '20 s onset respiratory-rate-signal sensor-off',
      '20 s onset perfusion-index-signal sensor-off',
    ]);
  });

  test('C7, D1: its last threshold taken away, what is open of it ends; with a new one, what holds has counted on', () => {
    const bed = createTestBed().run(6, { cvp: 15 }).run(25, { cvp: null });
    bed.told();
    expect(bed.configure({ vitals: { cvp: { high: null } } }).told()).toEqual([]);
    expect(bed.configure({ vitals: { cvp: NONE } }).told()).toEqual([
      '31 s ended cvp-signal sensor-off limits-changed',
    ]);
    expect(bed.run(30, { cvp: null }).told()).toEqual([]);
    expect(
      bed
        .configure({ vitals: { cvp: { high: 10 } } })
        .run(2, { cvp: null })
        .told(),
    ).toEqual(['61 s onset cvp-signal sensor-off']);
  });

  test('C7: its limit alarm ends with its last threshold, also when there is no value now', () => {
    const bed = createTestBed()
      .run(6, { cvp: 15 })
      .run(2, { cvp: null })
      .configure({ vitals: { cvp: NONE } });
    expect(bed.told()).toEqual(['5 s onset cvp-high high-limit', '8 s ended cvp-high high-limit limits-changed']);
  });
});

describe('a device', () => {
  test('D2: is silent after its delay, and no longer with its next message', () => {
    const bed = createTestBed().run(1, { 'heart-rate': 70 }).wait(20);
    expect(bed.told()).toEqual(['10 s onset device-link device-silent']);
    expect(bed.send({ 'heart-rate': 70 }).told()).toEqual(['21 s ended device-link device-silent recovered']);
  });

  test('D2: is not silent as long as it has never spoken to this bed', () => {
    expect(createTestBed().tell({ type: 'device', online: false }).wait(60).told()).toEqual([]);
  });

  test('D2: a message sent again is no sign of life', () => {
    const bed = createTestBed().send({ 'heart-rate': 70 }).wait(9).send({ 'heart-rate': 70 }, 9_000).wait(2);
    expect(bed.told()).toEqual(['10 s onset device-link device-silent']);
  });

  test('D2: is offline when the broker says so, unless it takes that back or a message comes', () => {
    const offline = () => createTestBed().send({ 'heart-rate': 70 }).wait(1).tell({ type: 'device', online: false });
    expect(offline().wait(6).told()).toEqual(['6 s onset device-link device-offline']);
    expect(offline().wait(4).tell({ type: 'device', online: true }).wait(4).told()).toEqual([]);
    expect(offline().wait(4).send({ 'heart-rate': 70 }).wait(4).told()).toEqual([]);
    expect(offline().wait(60).told()).toEqual(['6 s onset device-link device-offline']);
  });

  test('D2: is not offline any more once the broker has taken it back', () => {
    const bed = createTestBed({ settings: { deviceSilentAfterMs: 15_000 } }).send({ 'heart-rate': 70 });
    bed.tell({ type: 'device', online: false }).wait(4).tell({ type: 'device', online: true }).wait(10);
    expect(bed.told()).toEqual([]);
  });

  test('D2: what it and the station tell of themselves is decided with hysteresis', () => {
    const bed = createTestBed();
    const told = (input: Parameters<typeof bed.tell>[0]) => bed.tell(input).told();
    expect(told({ type: 'device', batteryPercent: 20 })).toEqual([]);
    expect(told({ type: 'device', batteryPercent: 19 })).toEqual(['0 s onset device-battery battery-low']);
    expect(told({ type: 'device', batteryPercent: 24 })).toEqual([]);
    expect(told({ type: 'device', batteryPercent: 25 })).toEqual(['0 s ended device-battery battery-low recovered']);
    expect(told({ type: 'device', clockOffsetMs: -5_000 })).toEqual([]);
    expect(told({ type: 'device', clockOffsetMs: -5_001 })).toEqual(['0 s onset device-clock clock-off']);
    expect(told({ type: 'device', clockOffsetMs: 4_001 })).toEqual([]);
    expect(told({ type: 'device', clockOffsetMs: 4_000 })).toEqual(['0 s ended device-clock clock-off recovered']);
    expect(told({ type: 'station', journalShare: 0.8 })).toEqual(['0 s onset station-journal journal-filling']);
    expect(told({ type: 'station', journalShare: 0.73 })).toEqual([]);
    expect(told({ type: 'station', journalShare: 0.71 })).toEqual([
      '0 s ended station-journal journal-filling recovered',
    ]);
  });

  test('D2: missing messages and a database that is away alarm after their delays', () => {
    const bed = createTestBed()
      .tell({ type: 'device', missing: 3 })
      .wait(20)
      .tell({ type: 'device', missing: 1 })
      .wait(11);
    expect(bed.told()).toEqual(['30 s onset device-gap sequence-gap']);
    expect(bed.tell({ type: 'device', missing: 0 }).told()).toEqual(['31 s ended device-gap sequence-gap recovered']);
    bed.tell({ type: 'station', databaseAway: true }).wait(10).tell({ type: 'station', databaseAway: false });
    expect(bed.told()).toEqual([]);
    bed.tell({ type: 'station', databaseAway: true }).wait(11);
    expect(bed.told()).toEqual(['51 s onset station-database database-away']);
  });
});

describe('inhibition', () => {
  test('D3: a probe that falls off ends the alarm of its limit when it is told itself', () => {
    const bed = createTestBed().run(12, { spo2: 85 }).run(22, { spo2: null });
    expect(bed.told()).toEqual([
      '10 s onset spo2-low low-limit',
      '32 s onset spo2-signal sensor-off',
      '32 s ended spo2-low low-limit inhibited',
    ]);
  });

  test('D3: what had begun to count is forgotten when nothing heard stands any more', () => {
    const bed = createTestBed({ settings: { vitals: { 'heart-rate': { delayMs: 20_000 } } } })
      .send({ 'heart-rate': 45 })
      .wait(16);
    bed.run(20, { 'heart-rate': 45 });
    expect(bed.told()).toEqual([
      '10 s onset device-link device-silent',
      '16 s ended device-link device-silent recovered',
    ]);
    expect(bed.run(1, { 'heart-rate': 45 }).told()).toEqual(['36 s onset heart-rate-low low-limit']);
  });

  test('D3: a value that is doubted keeps its alarm; lost under the open signal alarm it ends after the sensor-off delay', () => {
    const bed = createTestBed().run(32, { spo2: [85, 'questionable'] });
    expect(bed.told()).toEqual(['10 s onset spo2-low low-limit', '30 s onset spo2-signal signal-poor']);
    expect(bed.run(20, { spo2: null }).told()).toEqual([]);
    expect(bed.run(2, { spo2: null }).told()).toEqual(['52 s ended spo2-low low-limit inhibited']);
  });

  test('D3: a high-priority alarm that nobody has seen is latched instead', () => {
    const bed = createQuickBed().run(1, { 'heart-rate': 30 }).wait(15);
    expect(bed.told()).toEqual([
      '0 s onset heart-rate-low extreme-bradycardia',
      '10 s onset device-link device-silent',
      '15 s latched heart-rate-low extreme-bradycardia inhibited',
    ]);
  });
});

test('D4: one lost device is one alarm, and when it is back each vital has its whole time again', () => {
  const all = { 'heart-rate': 70, spo2: 97, 'pulse-rate': 70, 'respiratory-rate': 14 };
  const bed = createTestBed().run(1, all).wait(120);
  expect(bed.told()).toEqual(['10 s onset device-link device-silent']);
  bed.run(17, { 'heart-rate': 70, 'pulse-rate': 70, 'respiratory-rate': 14 });
  expect(bed.told()).toEqual(['121 s ended device-link device-silent recovered', '136 s onset spo2-signal no-data']);
});

describe('a station that starts', () => {
  test('D5: calls nobody silent by the time it was away', () => {
    const bed = createTestBed().run(5, { 'heart-rate': 70 }).away(3_600);
    expect(bed.told()).toEqual([]);
    expect(bed.wait(9).told()).toEqual([]);
    expect(bed.wait(2).told()).toEqual(['3615 s onset device-link device-silent']);
  });

  test('D5: what had begun to count counts anew from the next reading', () => {
    const bed = createTestBed().run(4, { 'heart-rate': 45 }).away(60).run(5, { 'heart-rate': 45 });
    expect(bed.told()).toEqual([]);
    expect(bed.run(1, { 'heart-rate': 45 }).told()).toEqual(['69 s onset heart-rate-low low-limit']);
  });

  test('D5: a cuff value that stands, and missing messages, count anew from the start', () => {
    const bed = createTestBed({ settings: { vitals: { 'nibp-systolic': { delayMs: 8_000 } } } });
    bed.send({ 'nibp-systolic': 80 }).tell({ type: 'device', missing: 2 }).wait(2).away(60).wait(31);
    expect(bed.told()).toEqual([
      '70 s onset nibp-systolic-low low-limit',
      '72 s onset device-link device-silent',
      '92 s onset device-gap sequence-gap',
    ]);
  });

  test('D5: alarms that were open stay open until a reading, or the want of one, ends them', () => {
    const bed = createTestBed().run(12, { 'heart-rate': 45, spo2: 85 }).away(600);
    expect(bed.open()).toHaveLength(2);
    expect(
      bed
        .run(1, { 'heart-rate': 70 })
        .open()
        .map(({ kind }) => kind),
    ).toEqual(['spo2-low']);
    bed.run(16, { 'heart-rate': 70 });
    expect(bed.told().slice(2)).toEqual([
      '612 s ended heart-rate-low low-limit recovered',
      '627 s ended spo2-low low-limit inhibited',
      '627 s onset spo2-signal no-data',
    ]);
  });

  test('D5: a clock that was set back makes nothing silent and holds nothing up', () => {
    const bed = createTestBed().run(600, { 'heart-rate': 45 }).skip(-300).tell({ type: 'resumed' });
    expect(bed.told()).toEqual(['5 s onset heart-rate-low low-limit']);
    bed.wait(11);
    expect(bed.told()).toEqual(['310 s onset device-link device-silent']);
  });
});

test('D6: another patient ends every alarm and pause, and nothing of before is known', () => {
  const bed = createTestBed()
    .run(4, { 'heart-rate': 45, spo2: null })
    .tell({ type: 'device', batteryPercent: 5 })
    .pause(120);
  bed.run(2, { 'heart-rate': 45 });
  bed.told();
  bed.tell({ type: 'occupied', device: 'monitor-2', encounter: 2, config: bed.config() });
  expect(bed.told()).toEqual([
    '6 s ended device-battery battery-low occupancy',
    '6 s ended heart-rate-low low-limit occupancy',
    '6 s reactivated audio-paused',
  ]);
  expect(bed.wait(59).told()).toEqual([]);
  expect(bed.state()).toMatchObject({ encounter: 2, inactivations: [], devices: [{ id: 'monitor-2', heardAt: null }] });
});

test('D6: another device beside the same patient ends what was about the one before, and nothing else', () => {
  const bed = createTestBed()
    .run(4, { 'heart-rate': 45, spo2: 97 })
    .tell({ type: 'device', batteryPercent: 5 })
    .pause(120)
    .run(2, { 'heart-rate': 45, spo2: 97 });
  bed.told();
  bed.tell({ type: 'occupied', device: 'monitor-2', encounter: 1, config: bed.config() });
  expect(bed.told()).toEqual(['6 s ended device-battery battery-low occupancy']);
  expect(bed.alarm('heart-rate-low')).toMatchObject({ state: 'active' });
  expect(bed.state().inactivations).toHaveLength(1);
  // The delay of 10 s went on from before: 5 s by one device, 5 s by the other.
  const swapped = createTestBed().run(5, { spo2: 85 });
  swapped.tell({ type: 'occupied', device: 'monitor-2', encounter: 1, config: swapped.config() });
  expect(swapped.run(8, { spo2: 85 }).told()).toEqual(['10 s onset spo2-low low-limit']);
});

test('D6: where no patient is admitted, a wholly other device counts as another patient, and one that joins does not', () => {
  const bed = createTestBed();
  bed.tell({ type: 'occupied', device: 'monitor-1', encounter: null, config: bed.config() });
  bed.run(6, { 'heart-rate': 45 }).told();
  bed.tell({ type: 'occupied', device: 'monitor-1', others: ['vent-1'], encounter: null, config: bed.config() });
  expect(bed.told()).toEqual([]);
  bed.tell({ type: 'occupied', device: 'monitor-9', encounter: null, config: bed.config() });
  expect(bed.told()).toEqual(['6 s ended heart-rate-low low-limit occupancy']);
});
