import { SettingsProblemError } from '#contracts/http/review.ts';
import { toProblem } from '../database/faults.ts';
import { invalidBecause, ProblemError } from '../http/problems.ts';

/** What went wrong while looking back, as the caller should know it; all else as it is. */
export const toReviewProblem = (error: unknown): unknown => {
  if (error instanceof ProblemError) return error;
  if (!(error instanceof SettingsProblemError)) return toProblem(error);
  return invalidBecause(error.message, '/overrides', error.problems);
};

/** To be given to `catch`. */
export const rejectAsProblem = (error: unknown): Promise<never> => Promise.reject(toReviewProblem(error));
