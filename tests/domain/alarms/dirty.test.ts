import { expect, test } from 'vitest';
import { PRESETS } from '#domain/alarms/settings.ts';
import {
  beginTransition,
  changeTrack,
  edit,
  editVital,
  hearVital,
  passingDevice,
  putTrack,
} from '#domain/alarms/transition.ts';
import { VITAL_IDS } from '#domain/vitals.ts';
import { createTestBed } from './support/test-bed.ts';

const HEART = VITAL_IDS.indexOf('heart-rate');

test('A6: calm readings leave a state as it was stored; what a restart must not forget marks it dirty', () => {
  const bed = createTestBed().run(20, { 'heart-rate': 70 });
  const { revision } = bed.state();
  expect(bed.run(20, { 'heart-rate': 72 }).state().revision).toBe(revision);
  const counting = bed.run(1, { 'heart-rate': 45 }).state().revision;
  expect(counting).toBeGreaterThan(revision);
  expect(bed.run(2, { 'heart-rate': 44 }).state().revision).toBe(counting);
  expect(bed.run(5, { 'heart-rate': 44 }).open()).toHaveLength(1);
  expect(bed.state().revision).toBeGreaterThan(counting);
});

test('A6: no part of a transition can be changed without a mark, but for values and times', () => {
  const bed = createTestBed().run(20, { 'heart-rate': 70 });
  const revisionAfter = (act: (transition: ReturnType<typeof beginTransition>) => void): number => {
    const transition = beginTransition(bed.state(), PRESETS.adult);
    act(transition);
    return transition.state.revision - bed.state().revision;
  };
  const track = { since: [{ time: 1, at: 1, readings: 1 }, null, null, null, null], alarm: null, isPart: false };
  expect(revisionAfter((transition) => (passingDevice(transition, 0).heardAt = bed.now()))).toBe(0);
  expect(revisionAfter((transition) => (hearVital(transition, HEART).value = 71))).toBe(0);
  expect(revisionAfter((transition) => (edit(transition).hasBeaten = true))).toBe(1);
  expect(revisionAfter((transition) => editVital(transition, HEART))).toBe(1);
  expect(revisionAfter((transition) => putTrack(transition, HEART, 'low', track))).toBe(1);
  expect(
    revisionAfter((transition) => {
      putTrack(transition, HEART, 'low', track);
      changeTrack(transition, HEART, 'low', { since: track.since.map((one) => one && { ...one, readings: 2 }) });
    }),
  ).toBe(1);
  expect(bed.state().vitals[HEART]).toMatchObject({ value: 70, low: null });
});
