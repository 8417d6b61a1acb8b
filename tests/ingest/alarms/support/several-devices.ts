import fc from 'fast-check';
import { expect } from 'vitest';
import { PRESETS } from '#domain/alarms/settings.ts';
import type { DeviceRole } from '#domain/sources/roles.ts';
import { VITAL_IDS, type VitalId, vital } from '#domain/vitals.ts';
import { createSources } from '../../../../ingest/alarms/sources.ts';
import { createSubject, feed } from '../../../../ingest/alarms/subject.ts';
import { createSubjects } from '../../../../ingest/alarms/subjects.ts';

/**
 * A monitor, a ventilator and an oximeter at one bed, each of which fails in turn: random histories of them, the bed as
 * the station has it, and a naive model of the sources. That is written from section 4 (H1 to H6) of the specification
 * alone: it keeps all that was ever sent, and looks for the source in it.
 */

export const START = 1_700_000_000_000;
export const SECOND = 1_000;
export const CONFIG = PRESETS.adult;
/** Half of the time for which a continuous value stays valid. */
export const FAILED_MS = CONFIG.silentAfterMs.continuous / 2;

export const DEVICES = ['monitor', 'vent', 'oxi'] as const;
export type Device = (typeof DEVICES)[number];

export const ROLES: Readonly<Record<Device, DeviceRole>> = { monitor: 'monitor', vent: 'ventilator', oxi: 'oximeter' };

export const MEASURES: Readonly<Record<Device, readonly VitalId[]>> = {
  monitor: ['heart-rate', 'spo2', 'respiratory-rate'],
  vent: ['respiratory-rate'],
  oxi: ['spo2', 'pulse-rate'],
};

/** The best first. */
export const PREFERENCE: Readonly<Partial<Record<VitalId, readonly Device[]>>> = {
  'heart-rate': ['monitor'],
  spo2: ['monitor', 'oxi'],
  'respiratory-rate': ['vent', 'monitor'],
  'pulse-rate': ['oxi'],
};

export type Sent = { readonly at: number; readonly device: Device; readonly values: ReadonlyMap<VitalId, number> };

/** What a device does for some seconds: `value` picks what it measures; null: it says that it has no value. */
export type Conduct = { readonly isSilent: boolean; readonly value: number | null };
export type Phase = { readonly seconds: number; readonly conduct: Readonly<Record<Device, Conduct>> };

export const VALUES: Readonly<Partial<Record<VitalId, readonly number[]>>> = {
  'heart-rate': [72, 45, 30, 150],
  spo2: [97, 88, 75, 93],
  'respiratory-rate': [15, 5, 40, 20],
  'pulse-rate': [72, 45, 130, 60],
};

export const conduct = fc.record({
  isSilent: fc.boolean(),
  value: fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.constant(null) }),
});
export const phases = fc.array(
  fc.record({
    seconds: fc.integer({ min: 1, max: 25 }),
    conduct: fc.record({ monitor: conduct, vent: conduct, oxi: conduct }),
  }),
  { minLength: 1, maxLength: 12 },
);

/** Each device sends once a second, each at its own time within it. */
export const messagesOf = (history: readonly Phase[]): Sent[] => {
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

export const itemsOf = (values: ReadonlyMap<VitalId, number>) =>
  [...values].map(([id, value]) => ({ mdc: vital(id).mdc, value, quality: 0 }));

export const isUsable = (value: number | undefined): boolean => value !== undefined && !Number.isNaN(value);

/** The device from which each vital comes after each message. A source that never had a usable value has failed. */
export const naiveSources = (sent: readonly Sent[]): Map<VitalId, Device>[] => {
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
export const createBed = () => {
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
