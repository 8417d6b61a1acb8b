import { expect, test } from 'vitest';
import { step } from '#domain/alarms/engine.ts';
import {
  FORMAT,
  NewerFormatError,
  readConfig,
  readConfigVersion,
  readEvent,
  readInput,
  readOverrides,
  readState,
  UnreadableFormatError,
} from '#domain/alarms/formats/upcast.ts';
import { presetV1, V1_SETTINGS, V1_VITAL_SETTINGS, VITAL_IDS_V1 } from '#domain/alarms/formats/v1.ts';
import { writeState } from '#domain/alarms/formats/written.ts';
import { PRESETS } from '#domain/alarms/settings.ts';
import { type AlarmState, initialState, openAlarms } from '#domain/alarms/state.ts';
import { VITAL_IDS, vital } from '#domain/vitals.ts';
import { GOLDEN_RELEASES, goldenRecords, goldenStates } from '../../support/golden.ts';

type Stored = {
  readonly inputs?: readonly { readonly type: string; readonly config?: object }[];
  readonly events?: readonly object[];
  readonly checkpoint?: { readonly state: object; readonly config: object } | null;
};

/** A state with something in each place, as JSON. */
const lively = (): AlarmState => {
  const config = PRESETS.adult;
  let state = initialState('bed-1');
  const feed = (event: Parameters<typeof step>[1]) => {
    state = step(state, event, config).state;
  };
  feed({ type: 'occupied', at: 1_000.5, device: 'm1', encounter: 4, config });
  for (let at = 2_000; at < 40_000; at += 1_000) {
    const readings = [
      { mdc: vital('heart-rate').mdc, value: 45, quality: 0 },
      { mdc: vital('spo2').mdc, value: Number.NaN, quality: 0 },
      { mdc: vital('respiratory-rate').mdc, value: 14, quality: 0 },
    ];
    feed({ type: 'vitals', at, time: at, readings });
  }
  feed({ type: 'inactivate', at: 40_000.5, by: 'Ann', what: 'audio-paused', kind: null, until: 90_000 });
  return state;
};

const asJson = <Thing>(thing: Thing): Thing => JSON.parse(JSON.stringify(thing));

test('what is written today is read as it was', () => {
  const state = lively();
  expect(openAlarms(state).length).toBeGreaterThan(1);
  expect(readState(asJson(writeState(state)), FORMAT)).toEqual(asJson(state));
  expect(readConfig(asJson(PRESETS.neonatal), FORMAT)).toEqual(PRESETS.neonatal);
});

test('a vital that the catalogue gained since was never heard, and nobody watched it', () => {
  const { 'heart-rate': _heard, ...vitals } = writeState(lively()).vitals;
  const state = readState(asJson({ ...writeState(lively()), vitals }), FORMAT);
  expect(state.vitals[VITAL_IDS.indexOf('heart-rate')]).toBeNull();
  expect(state.vitals[VITAL_IDS.indexOf('spo2')]).toEqual(asJson(lively().vitals[VITAL_IDS.indexOf('spo2')]));
  const { 'heart-rate': _watched, ...settings } = PRESETS.adult.vitals;
  const config = readConfig(asJson({ ...PRESETS.adult, vitals: settings }), FORMAT);
  expect(config.vitals['heart-rate']).toMatchObject({ low: null, high: null, extremeLow: null, extremeHigh: null });
  expect(config.vitals.spo2).toEqual(PRESETS.adult.vitals.spo2);
});

test('a catalogue in another order is the same: vitals, kinds and levels stand under their names', () => {
  const written = writeState(lively());
  const reversed = (thing: object) => Object.fromEntries(Object.entries(thing).reverse());
  const vitals = Object.fromEntries(
    Object.entries(written.vitals).map(([id, one]) => [
      id,
      { ...one, low: one.low && { ...one.low, since: reversed(one.low.since) } },
    ]),
  );
  const other = { ...written, vitals: reversed(vitals), plain: reversed(written.plain) };
  expect(readState(asJson(other), FORMAT)).toEqual(asJson(lively()));
  expect(Object.keys(written.vitals['heart-rate']?.low?.since ?? {})).toEqual(['low-limit']);
});

test('a vital or kind that this catalogue does not know is left out, and said', () => {
  const written = writeState(lively());
  const unknown: string[] = [];
  const more = {
    ...written,
    vitals: { ...written.vitals, lactate: { whatever: true } },
    plain: { ...written.plain, 'device-fire': 1 },
  };
  expect(readState(asJson(more), FORMAT, (what) => unknown.push(what))).toEqual(asJson(lively()));
  const config = { ...PRESETS.adult, vitals: { ...PRESETS.adult.vitals, lactate: PRESETS.adult.vitals.spo2 } };
  expect(readConfig(asJson(config), FORMAT, (what) => unknown.push(what))).toEqual(PRESETS.adult);
  expect(unknown).toEqual(['lactate', 'device-fire', 'lactate']);
});

const READERS = { readConfig, readConfigVersion, readEvent, readInput, readOverrides, readState };

test.each(Object.entries(READERS))(
  '%s: what is of a newer format, or of none, has an error of its own',
  (_name, read) => {
    expect(() => read({}, FORMAT + 1)).toThrow(NewerFormatError);
    expect(() => read({}, FORMAT + 1)).toThrow(/newer wardwatch/);
    for (const version of [0, -1, 1.5, Number.NaN]) expect(() => read({}, version)).toThrow(UnreadableFormatError);
    for (const stored of [null, undefined, 7, 'x', [], { vitals: 3 }]) {
      for (const version of [1, FORMAT]) expect(() => read(stored, version)).toThrow(UnreadableFormatError);
    }
  },
);

test('0.1.0: its presets are frozen, and decide by its rules', () => {
  expect(V1_SETTINGS.rules).toBe(1);
  for (const ageGroup of ['adult', 'paediatric', 'neonatal'] as const) {
    const config = readConfig(presetV1(ageGroup), 1);
    expect(config.rules).toBe(1);
    expect(config.version).toEqual({ preset: ageGroup, presetRevision: 1, unit: null, patient: null });
  }
  const told = goldenRecords('0.1.0').flatMap(({ record }) => (record as Stored).inputs ?? []);
  const configs = told.flatMap(({ config }) => (config ? [config] : []));
  expect(configs.length).toBeGreaterThan(0);
  // Those of the story have overrides of SpO2 and heart rate; all else is of the preset.
  for (const config of configs) {
    const { version, vitals, ...rest } = config as ReturnType<typeof presetV1>;
    const { version: _version, vitals: ours, ...others } = presetV1(version.preset);
    expect(rest).toEqual(others);
    for (const id of VITAL_IDS_V1) if (id !== 'spo2' && id !== 'heart-rate') expect(vitals[id]).toEqual(ours[id]);
  }
});

test('0.1.0: a configuration keeps each of its settings, and what it lacks decides as it did then', () => {
  for (const { record } of goldenRecords('0.1.0')) {
    for (const { config } of (record as Stored).inputs ?? []) {
      if (!config) continue;
      const read = readConfig(config, 1);
      expect(read).toMatchObject(config);
      expect(read).toMatchObject(V1_SETTINGS);
      for (const id of VITAL_IDS) expect(read.vitals[id]).toMatchObject(V1_VITAL_SETTINGS);
    }
  }
});

test.each(GOLDEN_RELEASES)('%s: every input, event and checkpoint that it wrote is read', (release) => {
  const format = release === '0.1.0' ? 1 : FORMAT;
  for (const { record } of goldenRecords(release)) {
    const { inputs = [], events = [], checkpoint } = record as Stored;
    for (const input of inputs) expect(readInput(input, format)).toMatchObject(input);
    for (const event of events) expect(readEvent(event, format)).toMatchObject(event);
    if (checkpoint) {
      expect(readState(checkpoint.state, format)).toBeTruthy();
      expect(readConfig(checkpoint.config, format)).toMatchObject(checkpoint.config);
    }
  }
});

test('0.1.0: a saved state has every alarm, pause and value where it had it', () => {
  let alarms = 0;
  for (const { key, value } of goldenStates('0.1.0')) {
    const { state: stored } = JSON.parse(value);
    const state = readState(stored, 1);
    expect(state.subject).toBe(key);
    const { plain, vitals, device, heardAt, linkBackAt, missing, ...rest } = stored;
    expect(state).toMatchObject({ ...rest, devices: [{ id: device, heardAt, linkBackAt, missing }] });
    for (const [kind, track] of Object.entries(plain))
      expect(state.devices[0]?.technical).toMatchObject({ [kind]: track });
    for (const [place, id] of VITAL_IDS_V1.entries()) {
      const mine = state.vitals[VITAL_IDS.indexOf(id)] ?? null;
      if (vitals[place] === null) expect(mine).toBeNull();
      else {
        const { isArmed, firstBreathAt, ...asBefore } = vitals[place];
        expect(mine).toMatchObject({ ...asBefore, firstSignAt: firstBreathAt, low: mine?.low, high: mine?.high });
        if (id === 'respiratory-rate') expect(state.hasBreathed).toBe(isArmed);
        if (id === 'heart-rate') expect(state.hasBeaten).toBe(true);
        expect(mine?.isLost).toBe(vitals[place].signal !== null);
      }
      for (const side of ['low', 'high'] as const) {
        const was = vitals[place]?.[side]?.alarm ?? null;
        if (was === null) expect(mine?.[side]?.alarm ?? null).toBeNull();
        else expect(mine?.[side]?.alarm).toMatchObject(was);
        if (was) alarms++;
      }
    }
    // Written anew, it is the same.
    expect(readState(asJson(writeState(state)), FORMAT)).toEqual(state);
  }
  expect(alarms).toBeGreaterThan(3);
});
