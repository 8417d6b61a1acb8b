import { expect, test } from 'vitest';
import { override, PRESETS } from '../../../domain/alarms/settings.ts';
import { configProblems } from '../../../domain/alarms/settings-problems.ts';
import { failedAfterMs, noteUsable, sourceOrder, takesOver } from '../../../domain/sources/choice.ts';
import { DEVICE_ROLES } from '../../../domain/sources/roles.ts';
import { VITAL_IDS } from '../../../domain/vitals.ts';

const SPO2 = VITAL_IDS.indexOf('spo2');
const CUFF = VITAL_IDS.indexOf('nibp-systolic');

test('H3: every vital names every role once, and a unit or stay can put others first', () => {
  for (const id of VITAL_IDS) expect([...sourceOrder(id, PRESETS.adult)].sort()).toEqual([...DEVICE_ROLES].sort());
  expect(sourceOrder('respiratory-rate', PRESETS.adult)[0]).toBe('ventilator');
  const chosen = override(PRESETS.adult, { vitals: { spo2: { sources: ['oximeter'] } } });
  expect(sourceOrder('spo2', chosen).slice(0, 2)).toEqual(['oximeter', 'monitor']);
  const twice = override(PRESETS.adult, { vitals: { spo2: { sources: ['oximeter', 'oximeter'] } } });
  expect(configProblems(twice).join()).toContain('sources names a role twice');
});

test('H2: a source fails after half of the time for which its value stays valid', () => {
  const valid = PRESETS.adult.silentAfterMs.continuous;
  expect(failedAfterMs(SPO2, PRESETS.adult, null)).toBe(valid / 2);
  expect(failedAfterMs(SPO2, PRESETS.adult, 60_000)).toBe(75_000);
  expect(failedAfterMs(CUFF, PRESETS.adult, null)).toBe(60_000);
});

test('H2, H3: who takes over', () => {
  const rivals = {
    at: 100_000,
    isContinuous: true,
    source: { rank: 1, usableAt: 95_000, failedMs: 5_000 },
    candidate: { rank: 2, since: 0 },
  };
  expect(takesOver(rivals)).toBe(false);
  expect(takesOver({ ...rivals, at: 100_001 })).toBe(true);
  const preferred = { ...rivals, candidate: { rank: 0, since: 90_001 } };
  expect(takesOver(preferred)).toBe(false);
  expect(takesOver({ ...preferred, at: 100_001, source: { ...rivals.source, usableAt: 100_000 } })).toBe(true);
  expect(takesOver({ ...preferred, isContinuous: false })).toBe(true);
});

test('H3: a device that had a gap counts as new', () => {
  const known = noteUsable(noteUsable(undefined, 1_000, 5_000), 6_000, 5_000);
  expect(known).toEqual({ since: 1_000, at: 6_000 });
  expect(noteUsable(known, 11_001, 5_000)).toEqual({ since: 11_001, at: 11_001 });
});
