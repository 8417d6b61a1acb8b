import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AlarmEvent } from '#domain/alarms/alarm.ts';
import { condition } from '#domain/alarms/conditions.ts';
import { step } from '#domain/alarms/engine.ts';
import { initialState } from '#domain/alarms/state.ts';
import { VITAL_IDS, type VitalId } from '#domain/vitals.ts';
import { feed, takeBefore } from '../../../ingest/alarms/subject.ts';
import {
  CONFIG,
  type Conduct,
  conduct,
  createBed,
  DEVICES,
  type Device,
  FAILED_MS,
  isUsable,
  itemsOf,
  messagesOf,
  naiveSources,
  type Phase,
  phases,
  SECOND,
  type Sent,
  START,
} from './support/several-devices.ts';

/** Beds with several devices, against a naive model over random histories. */

/** `changed` is left out: a technical alarm, which one device makes and several do not, can repeat it. */
const ofPatient = (events: readonly AlarmEvent[]): string[] =>
  events.flatMap((event) =>
    'alarm' in event && event.type !== 'changed' && condition(event.alarm.condition).type === 'physiological'
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

test('H2, H3, D6: each vital comes from the right source, and alarms are those of one stream of right sources', () => {
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

test('H2: a value is never too old while another device has one', () => {
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

test('H1, D2: each device that is lost is an alarm of its own, and the others go on', () => {
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

test('D6, H5: a device that is taken away ends its own alarms and nothing of the patient', () => {
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

const DISAGREE_BY = CONFIG.vitals.spo2.disagreeBy ?? 0;
const DISAGREE_AFTER_MS = 60 * SECOND;
const VALID_MS = CONFIG.silentAfterMs.continuous;

/** When the alarm begins and ends by C13, of the oximeter and the monitor: whichever is not the source is compared with it. */
const naiveDisagreements = (sent: readonly Sent[], sources: readonly Map<VitalId, Device>[], end: number): string[] => {
  const told: string[] = [];
  let held: { device: Device; since: number; heardAt: number; isOpen: boolean } | undefined;
  let last: { value: number; at: number } | undefined;
  const tell = (at: number, what: string): void => void told.push(`${at - START} ${what}`);
  const close = (at: number): void => {
    if (held?.isOpen) tell(at, 'ended');
    held = undefined;
  };
  /** What only time does before a moment, in its order. */
  const pass = (until: number, source: Device | undefined): void => {
    if (!held) return;
    const opensAt = held.isOpen || source === held.device ? Number.POSITIVE_INFINITY : held.since + DISAGREE_AFTER_MS;
    const ageAt = held.heardAt + VALID_MS;
    if (opensAt < until && opensAt < ageAt) {
      tell(opensAt, 'onset');
      held.isOpen = true;
    }
    if (ageAt < until) close(ageAt);
  };
  for (const [place, { at, device, values }] of sent.entries()) {
    const value = values.get('spo2');
    pass(at, sources[place - 1]?.get('spo2'));
    if (value === undefined) continue;
    const source = sources[place]?.get('spo2');
    if (source === device) last = { value, at };
    if (source === undefined || source === device) continue;
    if (held && held.device !== device) continue;
    const isFar = last && at - last.at < VALID_MS && Math.abs(last.value - value) > DISAGREE_BY;
    if (!isFar) close(at);
    else held = { device, since: held?.since ?? at, heardAt: at, isOpen: held?.isOpen ?? false };
  }
  pass(end, sources.at(-1)?.get('spo2'));
  return told;
};

test('C13: two devices that disagree for long enough are an alarm, until they agree', () => {
  const long = fc.array(
    fc.record({
      seconds: fc.integer({ min: 1, max: 90 }),
      conduct: fc.record({ monitor: conduct, vent: fc.constant({ isSilent: true, value: null }), oxi: conduct }),
    }),
    { minLength: 1, maxLength: 6 },
  );
  let alarms = 0;
  fc.assert(
    fc.property(long, (history) => {
      const sent = messagesOf(history);
      const bed = createBed();
      for (const message of sent) bed.send(message);
      const end = (sent.at(-1)?.at ?? START) + 30 * SECOND;
      feed(bed.subject, { type: 'tick', at: end });
      const told = bed.subject.events.flatMap((event) =>
        'alarm' in event && event.alarm.kind === 'spo2-disagree' ? [`${event.at - START} ${event.type}`] : [],
      );
      alarms += told.length;
      expect(told).toEqual(naiveDisagreements(sent, naiveSources(sent), end));
    }),
    { numRuns: 200 },
  );
  expect(alarms).toBeGreaterThan(20);
});
