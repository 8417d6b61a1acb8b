import { describe, expect, it } from 'vitest';
import type { Patient } from '#contracts/http/patients.ts';
import { changesOf, formOf, isBornInTime } from '../../../web/admin/patient-fields.tsx';

const NOW = Date.parse('2026-11-25T00:00:00Z');

const present: Patient = {
  id: 1,
  mrn: null,
  name: 'Ada',
  birthDate: '2026-11-20',
  sex: 'female',
  ageGroup: 'neonatal',
};

describe('the form of a patient', () => {
  it('sends only what was changed, so that a corrected date of birth is no word about the age group', () => {
    expect(changesOf(formOf(present), present)).toEqual({});
    expect(changesOf({ ...formOf(present), birthDate: '2026-09-20' }, present)).toEqual({ birthDate: '2026-09-20' });
    expect(changesOf({ ...formOf(present), birthDate: '', mrn: 'M 1' }, present)).toEqual({
      birthDate: null,
      mrn: 'M 1',
    });
  });

  it.each([
    ['', true],
    ['2026-11-20', true],
    ['2026-11-27', false],
    ['1026-11-20', false],
  ])('with a date of birth of "%s" may be sent: %s', (birthDate, may) => {
    expect(isBornInTime({ ...formOf(present), birthDate }, NOW)).toBe(may);
  });
});
