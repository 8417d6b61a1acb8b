import { describe, expect, it } from 'vitest';
import { step } from '#domain/alarms/engine.ts';
import { FORMAT, readConfig, readState } from '#domain/alarms/formats/upcast.ts';
import { writeConfig, writeState } from '#domain/alarms/formats/written.ts';
import { isWatched } from '#domain/alarms/levels.ts';
import { PRESETS } from '#domain/alarms/settings.ts';
import { type AlarmState, initialState } from '#domain/alarms/state.ts';
import { AGE_GROUPS, VITAL_GROUPS, VITAL_IDS, type VitalId, vital, vitalsOf } from '#domain/vitals.ts';

/** A bed carries what it sends, and not the whole catalogue. */

const config = PRESETS.adult;
const asJson = <Thing>(thing: Thing): Thing => JSON.parse(JSON.stringify(thing));

const hear = (state: AlarmState, values: Readonly<Partial<Record<VitalId, number>>>, at: number): AlarmState => {
  const readings = VITAL_IDS.flatMap((id) => {
    const value = values[id];
    return value === undefined ? [] : [{ mdc: vital(id).mdc, value, quality: 0 }];
  });
  return step(state, { type: 'vitals', at, time: at, readings }, config).state;
};

const occupied = (): AlarmState =>
  step(initialState('bed-1'), { type: 'occupied', at: 1, device: 'd', encounter: 1, config }, config).state;

describe('the state of a bed', () => {
  it('has room for the usual vitals, and for others from when they are heard', () => {
    const usual = hear(occupied(), { 'heart-rate': 80, spo2: 97, etco2: 36 }, 1_000);
    expect(usual.vitals).toHaveLength(Object.keys(VITAL_GROUPS.basic).length);
    const rich = hear(usual, { 'st-v6': 0.1, 'heart-rate': 81 }, 2_000);
    expect(rich.vitals).toHaveLength(VITAL_IDS.indexOf('st-v6') + 1);
    expect(rich.vitals[VITAL_IDS.indexOf('st-v6')]?.value).toBe(0.1);
    expect(rich.vitals[VITAL_IDS.indexOf('st-i')]).toBeNull();
    expect(readState(asJson(writeState(rich)), FORMAT)).toEqual(rich);
  });

  it('alarms by a vital that it had no room for', () => {
    let state = occupied();
    for (let second = 1; second <= 20; second += 1) state = hear(state, { 'pap-systolic': 60 }, second * 1_000);
    expect(state.vitals[VITAL_IDS.indexOf('pap-systolic')]?.high?.alarm).toMatchObject({
      condition: 'high-limit',
      vital: 'pap-systolic',
      state: 'active',
    });
  });

  it('takes the readings in the order of the catalogue, whatever order and other vitals a message has', () => {
    const values = { 'st-ii': 0.2, spo2: 70, bis: 40, 'heart-rate': 20, 'core-temperature': 41 } as const;
    const ids = Object.keys(values) as (keyof typeof values)[];
    const readings = ids.map((id) => ({ mdc: vital(id).mdc, value: values[id], quality: 0 }));
    const take = (some: typeof readings) =>
      step(occupied(), { type: 'vitals', at: 1_000, time: 1_000, readings: some }, config);
    expect(take(readings.toReversed())).toEqual(take(readings));
  });
});

describe('the settings that are written beside a state', () => {
  it.each(AGE_GROUPS)('leave out the vitals of which nothing is decided, and no other: %s', (ageGroup) => {
    const preset = PRESETS[ageGroup];
    const written = writeConfig(preset);
    const watched = VITAL_IDS.filter((_, index) => isWatched(index, preset));
    expect(Object.keys(written.vitals)).toEqual(watched);
    const read = readConfig(asJson(written), FORMAT);
    for (const id of watched) expect(read.vitals[id]).toEqual(preset.vitals[id]);
    expect(VITAL_IDS.filter((_, index) => isWatched(index, read))).toEqual(watched);
  });
});

it('every vital is in one group, in the order of the catalogue', () => {
  const groups = Object.keys(VITAL_GROUPS) as (keyof typeof VITAL_GROUPS)[];
  expect(groups.flatMap(vitalsOf)).toEqual(VITAL_IDS);
});
