import { describe, expect, it } from 'vitest';
import { type LiveDevices, overviewOf, searched } from '../../../web/admin/overview.ts';
import type { Registry } from '../../../web/admin/registry.ts';

const START = Date.parse('2026-01-01T00:00:00.000Z');
const NOW = Date.parse('2026-11-25T00:00:00Z');

const patient = (id: number, name: string) =>
  ({ id, name, mrn: `M${id}`, birthDate: null, sex: 'unknown', ageGroup: 'adult' }) as const;
const device = (id: string, bed: string | null) => ({
  id,
  unit: 'icu',
  role: 'monitor' as const,
  model: 'B-850',
  firmware: null,
  intervalMs: null,
  bed,
});
const bed = (id: string) => ({ id, unit: 'icu', label: id.toUpperCase() });

const registry: Registry = {
  units: [{ id: 'icu', name: 'Intensive care' }],
  beds: [bed('b1'), bed('b2'), bed('b3'), bed('b4')],
  devices: [device('m1', 'b1'), device('m2', 'b2'), device('m3', null)],
  gateways: [],
  patients: [patient(1, 'Maria Lopez'), patient(2, 'Jon Berg'), patient(3, 'Li Wei'), patient(4, 'Ada Long')],
  encounters: [
    { id: 11, patient: 1, bed: 'b1', start: START, end: null },
    { id: 12, patient: 2, bed: 'b3', start: START, end: null },
  ],
  assignments: [
    { id: 21, device: 'm1', bed: 'b1', start: START, end: null },
    { id: 22, device: 'm2', bed: 'b2', start: START, end: null },
  ],
  everInBed: new Set([1, 2, 3]),
};

const live: LiveDevices = new Map([
  ['m1', { state: 'online', since: 0 }],
  ['m2', { state: 'offline', since: 5 }],
]);

describe('the overview', () => {
  it('puts patient and device into the row of their bed', () => {
    const [first] = overviewOf(registry, live, NOW).beds;
    expect(first).toMatchObject({
      unitName: 'Intensive care',
      patient: { id: 1 },
      encounter: { id: 11 },
      devices: [{ device: { id: 'm1' }, assignment: { id: 21 }, hearing: { state: 'online' } }],
    });
  });

  it('lists what to see to, patients whom nothing watches first', () => {
    const tasks = overviewOf(registry, live, NOW).tasks.map((task) => {
      if (task.kind === 'waiting-patient') return [task.kind, task.patient.id];
      if (task.kind === 'age-group') return [task.kind, task.row.patient.id];
      return [task.kind, task.kind === 'spare-device' ? task.row.device.id : task.row.bed?.id];
    });
    expect(tasks).toEqual([
      ['unwatched-patient', 'b3'],
      ['silent-device', 'b2'],
      ['waiting-patient', 4],
      ['bed-without-device', 'b4'],
      ['spare-device', 'm3'],
    ]);
  });

  it('takes who has left a bed for discharged, and not for waiting', () => {
    const row = overviewOf(registry, live, NOW).patients.find((one) => one.patient.id === 3);
    expect(row).toMatchObject({ at: undefined, isWaiting: false });
  });

  it('calls no device silent of which nothing is known', () => {
    expect(overviewOf(registry, new Map(), NOW).tasks.some(({ kind }) => kind === 'silent-device')).toBe(false);
  });
});

describe('what waits for a person', () => {
  const tasks = (change: Partial<Registry>, heard: LiveDevices = new Map()) =>
    overviewOf({ ...registry, ...change }, heard, NOW).tasks;

  it('is the age group of who lies in a bed and has outgrown theirs', () => {
    const grown = { ...patient(1, 'Baby'), birthDate: '2026-10-01', ageGroup: 'neonatal' } as const;
    const elsewhere = { ...grown, id: 3 };
    const found = tasks({ patients: [grown, elsewhere] }).filter(({ kind }) => kind === 'age-group');
    expect(found).toMatchObject([{ row: { patient: { id: 1 } }, ageGroup: 'paediatric' }]);
  });

  it('is the interval of a device that sends more seldom than is known', () => {
    const heard: LiveDevices = new Map([['m1', { state: 'online', since: 0, intervalProposedMs: 60_000 }]]);
    const found = tasks({}, heard).filter(({ kind }) => kind === 'interval');
    expect(found).toMatchObject([{ row: { device: { id: 'm1' } }, intervalMs: 60_000 }]);
  });

  it.each([
    ['refused', 'online', true],
    ['late', 'online', true],
    ['not-heard', 'online', true],
    ['spot', 'offline', false],
    ['standby', 'offline', false],
    ['monitored', 'online', false],
  ] as const)('is, or is not, a device by which its bed is %s', (monitoring, state, isTask) => {
    const heard: LiveDevices = new Map([['m1', { state, since: 0, monitoring }]]);
    expect(tasks({}, heard).some(({ kind }) => kind === 'silent-device')).toBe(isTask);
  });
});

describe('a search', () => {
  const all = overviewOf(registry, live, NOW);

  it.each([
    ['lopez', ['b1'], [], [1]],
    ['M2', ['b2', 'b3'], ['m2'], [2]],
    ['b-850', [], ['m1', 'm2', 'm3'], []],
  ] as const)('for %s finds beds %j, devices %j and patients %j', (text, beds, devices, patients) => {
    const found = searched(all, text);
    expect(found.beds.map((row) => row.bed.id)).toEqual(beds);
    expect(found.devices.map((row) => row.device.id)).toEqual(devices);
    expect(found.patients.map((row) => row.patient.id)).toEqual(patients);
  });

  it('hides nothing that is to be seen to', () => {
    expect(searched(all, 'nothing of the kind').tasks).toEqual(all.tasks);
  });
});
