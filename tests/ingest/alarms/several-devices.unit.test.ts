import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AlarmEvent } from '#domain/alarms/alarm.ts';
import { condition } from '#domain/alarms/conditions.ts';
import { step } from '#domain/alarms/engine.ts';
import { PRESETS } from '#domain/alarms/settings.ts';
import { initialState } from '#domain/alarms/state.ts';
import type { DeviceRole } from '#domain/sources/roles.ts';
import { VITAL_IDS, type VitalId, vital } from '#domain/vitals.ts';
import { createSources } from '../../../ingest/alarms/sources.ts';
import { createSubject, feed, takeBefore } from '../../../ingest/alarms/subject.ts';
import { createSubjects } from '../../../ingest/alarms/subjects.ts';

/**
 * A monitor, a ventilator and an oximeter at one bed, each of which fails in turn. The naive model is written from
 * section F of the specification alone: it keeps all that was ever sent, and looks for the source in it.
 */

const START = 1_700_000_000_000;
const SECOND = 1_000;
const CONFIG = PRESETS.adult;
/** Half of the time for which a continuous value stays valid. */
const FAILED_MS = CONFIG.silentAfterMs.continuous / 2;

const DEVICES = ['monitor', 'vent', 'oxi'] as const;
type Device = (typeof DEVICES)[number];

const ROLES: Readonly<Record<Device, DeviceRole>> = { monitor: 'monitor', vent: 'ventilator', oxi: 'oximeter' };

const MEASURES: Readonly<Record<Device, readonly VitalId[]>> = {
  monitor: ['heart-rate', 'spo2', 'respiratory-rate'],
  vent: ['respiratory-rate'],
  oxi: ['spo2', 'pulse-rate'],
};

/** The best first. */
const PREFERENCE: Readonly<Partial<Record<VitalId, readonly Device[]>>> = {
  'heart-rate': ['monitor'],
  spo2: ['monitor', 'oxi'],
  'respiratory-rate': ['vent', 'monitor'],
  'pulse-rate': ['oxi'],
};

type Sent = { readonly at: number; readonly device: Device; readonly values: ReadonlyMap<VitalId, number> };

/** What a device does for some seconds: `value` picks what it measures; null: it says that it has no value. */
type Conduct = { readonly isSilent: boolean; readonly value: number | null };
type Phase = { readonly seconds: number; readonly conduct: Readonly<Record<Device, Conduct>> };

const VALUES: Readonly<Partial<Record<VitalId, readonly number[]>>> = {
  'heart-rate': [72, 45, 30, 150],
  spo2: [97, 88, 75, 93],
  'respiratory-rate': [15, 5, 40, 20],
  'pulse-rate': [72, 45, 130, 60],
};

const conduct = fc.record({
  isSilent: fc.boolean(),
  value: fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.constant(null) }),
});
const phases = fc.array(
  fc.record({
    seconds: fc.integer({ min: 1, max: 25 }),
    conduct: fc.record({ monitor: conduct, vent: conduct, oxi: conduct }),
  }),
  { minLength: 1, maxLength: 12 },
);

/** Each device sends once a second, each at its own time within it. */
const messagesOf = (history: readonly Phase[]): Sent[] => {
  const sent: Sent[] = [];
  let second = 0;
  for (const { seconds, conduct: conducts } of history) {
    for (const end = second + seconds; second < end; second++) {
      for (const [place, device] of DEVICES.entries()) {
        const { isSilent, value } = conducts[device];
        if (isSilent) continue;
        const values = MEASURES[device].map((id): [VitalId, number] => [
          id,
          value === null ? Number.NaN : (VALUES[id]?.[value] ?? Number.NaN),
        ]);
        sent.push({ at: START + second * SECOND + place * 300, device, values: new Map(values) });
      }
    }
  }
  return sent;
};

const itemsOf = (values: ReadonlyMap<VitalId, number>) =>
  [...values].map(([id, value]) => ({ mdc: vital(id).mdc, value, quality: 0 }));

const isUsable = (value: number | undefined): boolean => value !== undefined && !Number.isNaN(value);

/** The device from which each vital comes after each message. A source that never had a usable value has failed. */
const naiveSources = (sent: readonly Sent[]): Map<VitalId, Device>[] => {
  const sources = new Map<VitalId, Device>();
  return sent.map(({ device, values, at }, place) => {
    const past = sent.slice(0, place + 1);
    const usable = (of: Device, id: VitalId) =>
      past.filter((one) => one.device === of && isUsable(one.values.get(id))).map((one) => one.at);
    for (const [id, value] of values) {
      const source = sources.get(id);
      if (source === undefined) sources.set(id, device);
      if (source === undefined || source === device || !isUsable(value)) continue;
      const mine = usable(device, id);
      const theirs = usable(source, id).at(-1) ?? 0;
      let since = at;
      for (const one of mine.toReversed()) if (since - one <= FAILED_MS) since = one;
      const order = PREFERENCE[id] ?? [];
      const isPreferred = order.indexOf(device) < order.indexOf(source) && at - since >= 10 * SECOND;
      if (at - theirs > FAILED_MS || isPreferred) sources.set(id, device);
    }
    return new Map(sources);
  });
};

/** The bed as the station has it. */
const createBed = () => {
  const subjects = createSubjects();
  const subject = createSubject({ bed: 'bed', unit: 'icu', config: CONFIG, staggerMs: 0 });
  subjects.beds.set('bed', subject);
  const [device, ...others] = DEVICES;
  feed(subject, { type: 'occupied', at: START - 1, device, others, encounter: 1, config: CONFIG });
  const sources = createSources({ subjects });
  sources.setRoles((id) => ROLES[id as Device]);
  return {
    subject,
    send({ at, device: id, values }: Sent) {
      const block = { time: at, boot: '', seq: -1, late: false, items: itemsOf(values) };
      sources.choose(id, at, [{ block, source: { bed: 'bed' } }])?.(at);
      const { counted, others: passedOver } = sources.part('bed', id, block.items);
      expect(counted.length + passedOver.length).toBe(block.items.length);
      feed(subject, { type: 'vitals', at, device: id, time: at, readings: block.items });
    },
    sourceOf: (id: VitalId) => subject.state.vitals[VITAL_IDS.indexOf(id)]?.source,
  };
};

const ofPatient = (events: readonly AlarmEvent[]): string[] =>
  events.flatMap((event) =>
    'alarm' in event && condition(event.alarm.condition).type === 'physiological'
      ? [`${event.at - START} ${event.type} ${event.alarm.kind} ${event.alarm.condition} ${event.cause}`]
      : [],
  );

/** What an engine decides that is given one stream, in which every reading comes from the right source. */
const decidedByOne = (sent: readonly Sent[], sources: readonly Map<VitalId, Device>[], end: number): string[] => {
  let state = initialState('bed');
  const events: AlarmEvent[] = [];
  const take = (event: Parameters<typeof step>[1]): void => {
    const next = step(state, event, CONFIG);
    state = next.state;
    events.push(...next.events);
  };
  take({ type: 'occupied', at: START - 1, device: 'one', encounter: 1, config: CONFIG });
  for (const [place, { at, device, values }] of sent.entries()) {
    const chosen = new Map([...values].filter(([id]) => sources[place]?.get(id) === device));
    if (chosen.size > 0) take({ type: 'vitals', at, time: at, readings: itemsOf(chosen) });
  }
  take({ type: 'tick', at: end });
  return ofPatient(events);
};

test('F2, F3, D6: each vital comes from the right source, and alarms are those of one stream of right sources', () => {
  fc.assert(
    fc.property(phases, (history) => {
      const sent = messagesOf(history);
      const expected = naiveSources(sent);
      const bed = createBed();
      for (const [place, message] of sent.entries()) {
        bed.send(message);
        for (const [id, device] of expected[place] ?? []) expect(bed.sourceOf(id)).toBe(device);
      }
      const end = (sent.at(-1)?.at ?? START) + 30 * SECOND;
      feed(bed.subject, { type: 'tick', at: end });
      expect(ofPatient(bed.subject.events)).toEqual(decidedByOne(sent, expected, end));
    }),
    { numRuns: 300 },
  );
});

test('F2: a value is never too old while another device has one', () => {
  fc.assert(
    fc.property(phases, (history) => {
      const sent = messagesOf(history);
      const bed = createBed();
      for (const [place, message] of sent.entries()) {
        bed.send(message);
        const past = sent.slice(0, place + 1).filter(({ at }) => at > message.at - FAILED_MS - SECOND);
        for (const id of ['spo2', 'respiratory-rate'] as const) {
          const isSteady = DEVICES.some((device) => {
            const mine = past.filter((one) => one.device === device && isUsable(one.values.get(id)));
            return mine.length >= FAILED_MS / SECOND + 1;
          });
          const state = bed.subject.state.vitals[VITAL_IDS.indexOf(id)];
          if (isSteady) expect(state).toMatchObject({ isStale: false });
          if (isSteady) expect(message.at - (state?.heardAt ?? 0)).toBeLessThanOrEqual(FAILED_MS + SECOND);
        }
      }
    }),
    { numRuns: 200 },
  );
});

test('F5, D2: each device that is lost is an alarm of its own, and the others go on', () => {
  const bed = createBed();
  const minutes = (conducts: Phase['conduct']): readonly Phase[] => [{ seconds: 60, conduct: conducts }];
  const fine: Conduct = { isSilent: false, value: 0 };
  const silent: Conduct = { isSilent: true, value: 0 };
  const before = messagesOf(minutes({ monitor: fine, vent: fine, oxi: fine }));
  const after = messagesOf(minutes({ monitor: silent, vent: fine, oxi: silent })).map((one) => ({
    ...one,
    at: one.at + 60 * SECOND,
  }));
  for (const message of [...before, ...after]) bed.send(message);
  const open = bed.subject.events.flatMap((event) =>
    'alarm' in event && event.type === 'onset' ? [`${event.alarm.kind} ${event.alarm.device}`] : [],
  );
  expect(open.sort()).toEqual(['device-link monitor', 'device-link oxi']);
  expect(bed.sourceOf('respiratory-rate')).toBe('vent');
});

test('D6, F5: a device that is taken away ends its own alarms and nothing of the patient', () => {
  const bed = createBed();
  for (let second = 0; second < 20; second++) {
    const at = START + second * SECOND;
    bed.send({
      at,
      device: 'monitor',
      values: new Map([
        ['heart-rate', 72],
        ['spo2', 85],
      ] as const),
    });
    bed.send({ at: at + 300, device: 'oxi', values: new Map([['spo2', 85]] as const) });
  }
  const at = START + 20 * SECOND;
  takeBefore(bed.subject, at, { type: 'device', device: 'monitor', batteryPercent: 5 });
  bed.subject.events = [];
  takeBefore(bed.subject, at, { type: 'occupied', device: 'oxi', others: ['vent'], encounter: 1, config: CONFIG });
  const told = () => bed.subject.events.map((event) => ('alarm' in event ? `${event.type} ${event.alarm.kind}` : ''));
  expect(told()).toEqual(['ended device-battery']);
  expect(bed.sourceOf('spo2')).toBe(null);
  bed.send({ at, device: 'oxi', values: new Map([['spo2', 85]] as const) });
  expect(bed.sourceOf('spo2')).toBe('oxi');
  bed.send({ at: at + 60 * SECOND, device: 'oxi', values: new Map([['spo2', 85]] as const) });
  // Nobody measures the heart rate any more: that is no lost signal.
  expect(told()).not.toContain('onset heart-rate-signal');
});
