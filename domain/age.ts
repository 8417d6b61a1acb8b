import type { AgeGroup } from './vitals.ts';

/**
 * Age groups by date of birth. Neonatal: the first 28 days of life (WHO: newborn infant). Adult: from the 18th birthday
 * (WHO and ICH E11 end adolescence at 18 or before). [?] A site may want other bounds, and a child born too early may
 * be a newborn for longer: so the program only proposes a change of the age group, and a person makes it.
 */

const DAY_MS = 86_400_000;
const NEONATAL_DAYS = 28;
const ADULT_YEARS = 18;
/** No person is known to have lived for 123 years, so a date before this age is a mistake. */
const OLDEST_YEARS = 130;
/** Local dates are at most 14 hours ahead of UTC: a child that is born there now may have tomorrow's date. */
const MOST_AHEAD_MS = 14 * 3_600_000;

const birthday = (birthDate: string, years: number): number => {
  const born = new Date(birthDate);
  return Date.UTC(born.getUTCFullYear() + years, born.getUTCMonth(), born.getUTCDate());
};

/** `birthDate` is a calendar date, `YYYY-MM-DD`. */
export const ageGroupOf = (birthDate: string, nowMs: number): AgeGroup => {
  if (nowMs - Date.parse(birthDate) < NEONATAL_DAYS * DAY_MS) return 'neonatal';
  return nowMs < birthday(birthDate, ADULT_YEARS) ? 'paediatric' : 'adult';
};

/** Why a date cannot be the date of birth of a patient; undefined when it can. */
export const birthDateProblem = (birthDate: string, nowMs: number): 'future' | 'too-long-ago' | undefined => {
  if (Date.parse(birthDate) > nowMs + MOST_AHEAD_MS) return 'future';
  return nowMs > birthday(birthDate, OLDEST_YEARS) ? 'too-long-ago' : undefined;
};

/** The age group that follows from the date of birth; null where it is the present one, or the date is unknown. */
export const ageGroupProposed = (
  { birthDate, ageGroup }: { readonly birthDate: string | null; readonly ageGroup: AgeGroup },
  nowMs: number,
): AgeGroup | null => {
  const proposed = birthDate === null ? ageGroup : ageGroupOf(birthDate, nowMs);
  return proposed === ageGroup ? null : proposed;
};
