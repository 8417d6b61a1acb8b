import { expect, test } from 'vitest';
import { z } from 'zod';
import { VitalInput } from '#contracts/mqtt/messages.ts';
import { AGE_GROUPS, VITAL_IDS, type VitalId, vital } from '#domain/vitals.ts';
import { COMPANION_ROLES } from '../../simulators/companions.ts';
import { createLapses, type Lapse } from '../../simulators/lapses.ts';
import type { VitalValues } from '../../simulators/monitor.ts';
import { createRandom } from '../../simulators/random.ts';
import { SCENARIO_NAMES } from '../../simulators/scenarios/scenarios.ts';
import { lastValues, live, numberOf } from './support/collect.ts';

const Contract = z.record(z.string(), VitalInput);
const MINUTE = 60;

const lapsesOf = (seed: number, seconds: number, hasOwnAlarms = false): (Lapse | undefined)[] => {
  const lapseAt = createLapses({ random: createRandom(seed).fork('lapses'), hasOwnAlarms });
  return Array.from({ length: seconds }, (_, second) => lapseAt(second * 1_000));
};

const nameOf = (lapse: Lapse | undefined): string => (lapse ? `${lapse.device} ${lapse.kind}` : '');

test('a bed without companions lives as it did before there were any', () => {
  const seconds = live({ seed: 7, scenario: 'desaturation', waves: false }, 5 * MINUTE);
  expect(lastValues(seconds)).toEqual({
    ...{ 'heart-rate': 100, 'pulse-rate': 102, spo2: 82, 'perfusion-index': 2.9 },
    ...{ 'respiratory-rate': 11, temperature: 37.1 },
  });
  expect(seconds.every(({ isSilent, companions }) => !isSilent && Object.keys(companions).length === 0)).toBe(true);
});

test('companions change nothing of what the monitor measures, but for its own lapses', () => {
  const OF_THE_PROBE: readonly string[] = ['spo2', 'pulse-rate', 'perfusion-index'];
  const monitorOf = (companions: boolean) =>
    live({ seed: 9, scenario: 'artefact', companions, waves: false }, 20 * MINUTE).map(({ vitals }) =>
      Object.fromEntries(Object.entries(vitals).filter(([id]) => !OF_THE_PROBE.includes(id))),
    );
  expect(monitorOf(true)).toEqual(monitorOf(false));
  const firstMinute = (companions: boolean) =>
    live({ seed: 9, companions }, MINUTE).map(({ vitals, waves, alarms }) => ({ vitals, waves, alarms }));
  expect(firstMinute(true)).toEqual(firstMinute(false));
});

test('companions give the same values for the same seed, and others for another', () => {
  const once = JSON.stringify(live({ seed: 11, companions: true, waves: false }, 10 * MINUTE));
  expect(JSON.stringify(live({ seed: 11, companions: true, waves: false }, 10 * MINUTE))).toBe(once);
  expect(JSON.stringify(live({ seed: 12, companions: true, waves: false }, 10 * MINUTE))).not.toBe(once);
});

test('companions speak the message contract, each of its own vitals, in every scenario and age group', () => {
  const seen = { ventilator: new Set<string>(), oximeter: new Set<string>() };
  for (const scenario of SCENARIO_NAMES) {
    for (const profile of AGE_GROUPS) {
      for (const { companions } of live({ seed: 5, scenario, profile, companions: true, waves: false }, 1_000)) {
        for (const role of COMPANION_ROLES) {
          const vitals = companions[role] ?? {};
          expect(Contract.safeParse(vitals).success).toBe(true);
          expect(doubtful(vitals)).toEqual([]);
          for (const id of Object.keys(vitals)) seen[role].add(id);
        }
      }
    }
  }
  expect([...seen.oximeter].sort()).toEqual(['perfusion-index', 'pulse-rate', 'spo2']);
  expect([...seen.ventilator].sort()).toEqual([
    ...['etco2', 'fio2', 'minute-volume', 'peak-pressure', 'peep', 'tidal-volume', 'ventilator-respiratory-rate'],
  ]);
});

/** What a station would refuse: a value that cannot be, or one that could be meant in another unit. */
const doubtful = (vitals: VitalValues): VitalId[] =>
  VITAL_IDS.filter((id) => {
    const value = numberOf(vitals[id]);
    if (typeof value !== 'number') return false;
    const { plausible, questioned } = vital(id);
    if (questioned && value > questioned[0] && value <= questioned[1]) return true;
    return value < plausible[0] || value > plausible[1];
  });

test('two devices measure the same patient: nearly the same, hardly ever to the digit', () => {
  const seconds = live({ seed: 21, companions: true, waves: false }, 60 * MINUTE);
  const differences = (role: 'ventilator' | 'oximeter', own: VitalId, id: VitalId) =>
    seconds.flatMap(({ vitals, companions }) => {
      const [one, other] = [numberOf(vitals[id]), numberOf(companions[role]?.[own])];
      return typeof one === 'number' && typeof other === 'number' ? [Math.abs(one - other)] : [];
    });
  const pairs = [
    { differ: differences('oximeter', 'spo2', 'spo2'), atMost: 4 },
    { differ: differences('oximeter', 'pulse-rate', 'pulse-rate'), atMost: 10 },
    { differ: differences('ventilator', 'ventilator-respiratory-rate', 'respiratory-rate'), atMost: 6 },
  ];
  for (const { differ, atMost } of pairs) {
    expect(differ.length).toBeGreaterThan(40 * MINUTE);
    expect(Math.max(...differ)).toBeLessThanOrEqual(atMost);
    expect(differ.some((difference) => difference > 0)).toBe(true);
  }
});

test('a ventilator tells no apnoea when its sensor is put back, and tells one when the patient does not breathe', () => {
  const rates = (scenario: 'stable' | 'asystole', minutes: number) =>
    live({ seed: 4, scenario, companions: true, waves: false }, minutes * MINUTE).map(({ companions }) =>
      numberOf(companions.ventilator?.['ventilator-respiratory-rate']),
    );
  const atRest = rates('stable', 4 * 60);
  expect(atRest).toContain(null);
  expect(atRest).not.toContain(0);
  expect(rates('asystole', 10)).toContain(0);
});

test('every device fails in both ways in the course of some hours, one at a time and each time for a minute', () => {
  const lapses = lapsesOf(3, 8 * 60 * MINUTE);
  const lengths: number[] = [];
  for (const [second, lapse] of lapses.entries()) {
    const before = lapses[second - 1];
    if (lapse && lapse !== before) lengths.push(0);
    if (lapse) lengths.push((lengths.pop() ?? 0) + 1);
  }
  expect(new Set(lengths.slice(0, -1))).toEqual(new Set([MINUTE]));
  expect(new Set(lapses.map(nameOf)).size).toBe(1 + 6);
  const first = lapses.findIndex((lapse) => lapse !== undefined);
  expect(first).toBeGreaterThanOrEqual(MINUTE);
  expect(first).toBeLessThanOrEqual(4 * MINUTE);
});

test('a monitor that reports its own alarms is never silent', () => {
  const lapses = lapsesOf(3, 8 * 60 * MINUTE, true).map(nameOf);
  expect(lapses).not.toContain('monitor silent');
  expect(lapses).toContain('monitor probe-off');
});

test('what fails is missing, and the others go on', () => {
  const lapses = lapsesIn(live({ seed: 4, companions: true, waves: false }, 4 * 60 * MINUTE));
  expect([...lapses].sort()).toEqual([
    ...['monitor probe-off', 'monitor silent', 'oximeter probe-off', 'oximeter silent'],
    ...['ventilator probe-off', 'ventilator silent'],
  ]);
});

test('without its probe a monitor has no pleth, as it has no saturation', () => {
  const firstOf = (seed: number) => lapsesOf(seed, 4 * MINUTE).find((lapse) => lapse !== undefined);
  const seed = Array.from({ length: 100 }, (_, index) => index).find(
    (each) => nameOf(firstOf(each)) === 'monitor probe-off',
  );
  const seconds = live({ seed: seed ?? 0, companions: true }, 4 * MINUTE);
  const without = seconds.filter(({ vitals }) => vitals.spo2 === null);
  expect(without.length).toBeGreaterThan(0);
  for (const { vitals, waves } of seconds) expect('pleth' in waves).toBe(vitals.spo2 !== null);
});

/** Which lapses can be seen in what the devices send. Fails when the rest of the bed does not go on meanwhile. */
const lapsesIn = (seconds: ReturnType<typeof live>): Set<string> =>
  new Set(
    seconds.flatMap(({ vitals, isSilent, companions }) => {
      const { ventilator, oximeter } = companions;
      const seen = [
        ...(isSilent ? ['monitor silent'] : []),
        ...(vitals.spo2 === null ? ['monitor probe-off'] : []),
        ...(ventilator === undefined ? ['ventilator silent'] : []),
        ...(ventilator?.['ventilator-respiratory-rate'] === null && numberOf(ventilator.peep)
          ? ['ventilator probe-off']
          : []),
        ...(oximeter === undefined ? ['oximeter silent'] : []),
        ...(oximeter?.spo2 === null ? ['oximeter probe-off'] : []),
      ];
      expect(seen.length).toBeLessThanOrEqual(1);
      return seen;
    }),
  );
