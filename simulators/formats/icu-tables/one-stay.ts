import { UserError } from '#platform/errors.ts';

/**
 * The stay that a table is about. A recording is of one device at one bed: a table of several patients must not be played as
 * one. Throws a UserError that says how to cut one out.
 */
export const mustBeOneStay = (path: string, column: string, stays: Iterable<string>): void => {
  const found = new Set(stays);
  if (found.size <= 1) return;
  const [first = ''] = found;
  throw new UserError(
    `${path} holds ${found.size} values of ${column}, and a recording is of one: write the rows of one into a file with the header, such as ${first}`,
  );
};
