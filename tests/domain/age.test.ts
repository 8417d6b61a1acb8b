import { describe, expect, test } from 'vitest';
import { ageGroupOf, ageGroupProposed, birthDateProblem } from '#domain/age.ts';

const at = (time: string): number => Date.parse(time);

describe('the age group', () => {
  test.each([
    ['2026-11-25', '2026-11-25T00:00:00Z', 'neonatal'],
    ['2026-10-28', '2026-11-24T23:59:59Z', 'neonatal'],
    ['2026-10-28', '2026-11-25T00:00:00Z', 'paediatric'],
    ['2008-11-26', '2026-11-25T23:59:59Z', 'paediatric'],
    ['2008-11-25', '2026-11-25T00:00:00Z', 'adult'],
    ['2008-02-29', '2026-02-28T12:00:00Z', 'paediatric'],
    ['2008-02-29', '2026-03-01T00:00:00Z', 'adult'],
    ['1930-01-01', '2026-11-25T00:00:00Z', 'adult'],
  ] as const)('of who was born on %s is, at %s, %s', (birthDate, time, group) => {
    expect(ageGroupOf(birthDate, at(time))).toBe(group);
  });

  test('of a child born today where it is tomorrow already is neonatal', () => {
    expect(ageGroupOf('2026-11-26', at('2026-11-25T12:00:00Z'))).toBe('neonatal');
  });

  test('is proposed only where the date of birth speaks for another', () => {
    const now = at('2026-11-25T00:00:00Z');
    expect(ageGroupProposed({ birthDate: '2026-10-01', ageGroup: 'neonatal' }, now)).toBe('paediatric');
    expect(ageGroupProposed({ birthDate: '2026-11-20', ageGroup: 'neonatal' }, now)).toBeNull();
    expect(ageGroupProposed({ birthDate: null, ageGroup: 'neonatal' }, now)).toBeNull();
  });
});

test.each([
  ['2026-11-25', undefined],
  ['2026-11-26', undefined],
  ['2026-11-27', 'future'],
  ['9999-12-31', 'future'],
  ['1896-11-25', 'too-long-ago'],
  ['1896-11-26', undefined],
  ['0001-01-01', 'too-long-ago'],
  ['0000-01-01', 'too-long-ago'],
] as const)('a date of birth of %s is %s', (birthDate, problem) => {
  expect(birthDateProblem(birthDate, at('2026-11-25T12:00:00Z'))).toBe(problem);
});
