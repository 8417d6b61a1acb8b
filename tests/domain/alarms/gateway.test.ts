import { describe, expect, test } from 'vitest';
import { readState } from '#domain/alarms/formats/upcast.ts';
import { writeState } from '#domain/alarms/formats/written.ts';
import { createTestBed, START } from './support/test-bed.ts';

/** Gateways that are lost, as the station and the beds behind them know it: section 4 of docs/alarms-spec.md. */

const lost = { type: 'device', gatewayLost: true } as const;
const back = { type: 'device', gatewayLost: false } as const;
const loses = (gateway: string, beds: number) => ({ type: 'gateway', gateway, beds }) as const;

describe('the station', () => {
  test('D12: has one alarm of a gateway that is lost, which names it and the beds, until it is back', () => {
    const station = createTestBed().tell(loses('g1', 40)).wait(5);
    expect(station.told()).toEqual([]);
    expect(station.wait(1).told()).toEqual(['5 s onset gateway-link:g1 gateway-lost']);
    expect(station.alarm('gateway-link:g1')).toMatchObject({
      priority: 'medium',
      gateway: 'g1',
      beds: 40,
      vital: null,
      startedAt: START,
    });
    expect(station.tell(loses('g1', 0)).told()).toEqual(['6 s ended gateway-link:g1 gateway-lost recovered']);
    expect(station.wait(50).told()).toEqual([]);
  });

  test('D12: says nothing of a gateway that is back in time', () => {
    const station = createTestBed().tell(loses('g1', 40)).wait(5).tell(loses('g1', 0)).wait(50);
    expect(station.told()).toEqual([]);
    expect(station.state().gateways).toEqual([]);
  });

  test('D12: tells another number of beds without a new alarm, and ends it with the last of them', () => {
    const station = createTestBed().tell(loses('g1', 2)).wait(3).tell(loses('g1', 3)).wait(3);
    expect(station.told()).toEqual(['5 s onset gateway-link:g1 gateway-lost']);
    expect(station.alarm('gateway-link:g1')?.beds).toBe(3);
    expect(station.tell(loses('g1', 1)).told()).toEqual(['6 s changed gateway-link:g1 gateway-lost']);
    expect(station.alarm('gateway-link:g1')?.beds).toBe(1);
    expect(station.tell(loses('g1', 0)).told()).toEqual(['6 s ended gateway-link:g1 gateway-lost recovered']);
  });

  test('C3, D12: has an alarm of its own for each of several gateways, and one acknowledged hides no other', () => {
    const station = createTestBed().tell(loses('g1', 4)).tell(loses('g2', 5)).wait(6);
    expect(station.told()).toEqual([
      '5 s onset gateway-link:g1 gateway-lost',
      '5 s onset gateway-link:g2 gateway-lost',
    ]);
    expect(new Set(station.open().map(({ id }) => id)).size).toBe(2);
    station.acknowledge('gateway-link:g1');
    expect(station.told()).toEqual(['6 s acknowledged gateway-link:g1 gateway-lost Ada']);
    expect(station.open().map(({ acknowledged }) => acknowledged?.by)).toEqual(['Ada', undefined]);
    expect(station.tell(loses('g1', 0)).told()).toEqual(['6 s ended gateway-link:g1 gateway-lost recovered']);
    expect(station.open().map(({ gateway }) => gateway)).toEqual(['g2']);
  });

  test('A6, D12: knows after a restart what it had announced, and counts anew what it had not', () => {
    const station = createTestBed().tell(loses('g1', 4)).wait(6).tell(loses('g2', 5)).wait(3);
    expect(readState(JSON.parse(JSON.stringify(writeState(station.state()))), 2)).toEqual(station.state());
    station.told();
    station.away(60);
    expect(station.tell(loses('g1', 4)).tell(loses('g2', 5)).wait(5).told()).toEqual([]);
    expect(station.wait(1).told()).toEqual(['74 s onset gateway-link:g2 gateway-lost']);
    expect(station.tell(loses('g1', 0)).told()).toEqual(['75 s ended gateway-link:g1 gateway-lost recovered']);
  });
});

describe('a bed behind a gateway that is lost', () => {
  const bed = () => createTestBed().run(5, { 'heart-rate': 70, spo2: 97 });

  test('D12: is not silent, nor offline, nor without a vital, for as long as that lasts', () => {
    const one = bed().tell(lost).tell({ type: 'device', online: false }).wait(7_200);
    expect(one.told()).toEqual([]);
  });

  test('D8, D12: is not monitored all the same when nothing was heard yet, as after an admission', () => {
    const one = bed().tell(lost).wait(20);
    one.tell({ type: 'occupied', device: 'monitor-1', encounter: 2, config: one.config() }).tell(lost);
    expect(one.wait(61).told()).toEqual(['85 s onset device-data not-monitored']);
  });

  test('D4, D12: has its whole time again when the gateway is back', () => {
    const one = bed().tell(lost).wait(60).tell(back).wait(10);
    expect(one.told()).toEqual([]);
    expect(one.wait(1).told()).toEqual(['75 s onset device-link device-silent']);
  });

  test('D4, D12: each vital has its whole time again too', () => {
    const one = bed().tell(lost).wait(60).tell(back).run(15, { 'heart-rate': 70 });
    expect(one.told()).toEqual([]);
    expect(one.run(2, { 'heart-rate': 70 }).told()).toEqual(['80 s onset spo2-signal no-data']);
  });

  test('D12: a gateway that comes and goes keeps no silent device from being noticed', () => {
    const one = bed().tell(lost).wait(4).tell(back).wait(1).tell(lost).wait(4).tell(back).wait(1);
    expect(one.told()).toEqual(['14 s onset device-link device-silent']);
  });

  test('D12: keeps an alarm that was open before', () => {
    const one = bed().wait(12);
    expect(one.told()).toEqual(['14 s onset device-link device-silent']);
    expect(one.tell(lost).wait(60).tell(back).wait(5).told()).toEqual([]);
    expect(one.run(1, { 'heart-rate': 70, spo2: 97 }).told()).toEqual([
      '82 s ended device-link device-silent recovered',
    ]);
  });

  test('D12: with another patient is told anew that the gateway is lost, and forgets it at the start of the station', () => {
    const one = bed().tell(lost).wait(20);
    one.tell({ type: 'occupied', device: 'monitor-1', encounter: 2, config: one.config() });
    expect(one.state().devices[0]?.technical['gateway-link'].since).toBeNull();
    one.tell(lost).away(10);
    expect(one.state().devices[0]?.technical['gateway-link'].since).toBeNull();
  });

  test('A6, D12: is the same after it was written and read', () => {
    const one = bed().tell(lost).wait(3);
    expect(readState(JSON.parse(JSON.stringify(writeState(one.state()))), 2)).toEqual(one.state());
    expect(writeState(one.state())).not.toHaveProperty('gateways');
  });
});
