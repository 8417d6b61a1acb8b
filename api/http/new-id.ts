import { NewId } from '#domain/id.ts';
import { ProblemError } from './problems.ts';

/**
 * Throws a 400 when a thing that does not exist yet would get an id that may not be new. What exists keeps its id, and is read
 * and changed under it.
 */
export const refuseNewId = (id: string, isKnown: boolean): void => {
  const fault = isKnown ? undefined : NewId.safeParse(id).error?.issues[0];
  if (!fault) return;
  throw new ProblemError(400, 'invalid', fault.message, {
    faults: [{ in: 'params', at: '/id', message: fault.message }],
  });
};
