import { SettingsProblemError } from '#contracts/http/review.ts';
import { toProblem } from '../database/faults.ts';
import { invalidBecause, ProblemError } from '../http/problems.ts';

/** Makes a problem for the caller of what went wrong in a review; any other error stays as it is. */
export const toReviewProblem = (error: unknown): unknown => {
  if (error instanceof ProblemError) return error;
  if (!(error instanceof SettingsProblemError)) return toProblem(error);
  return invalidBecause(error.message, '/overrides', error.problems);
};

/** A handler for `catch` that rejects with the problem. */
export const rejectAsProblem = (error: unknown): Promise<never> => Promise.reject(toReviewProblem(error));
