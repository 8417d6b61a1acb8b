import type { EndIdentities, Identities } from '#contracts/ports/identities.ts';
import { ProblemError } from '../http/problems.ts';

/** Returns how many were ended. Throws a problem when they are over and the disk has not taken it. */
export const endOnRecord = (identities: Pick<Identities, 'end'>, which: EndIdentities): Promise<number> =>
  identities.end(which).catch((error: unknown) => {
    throw new ProblemError(
      503,
      'not-on-record',
      'it is over, but the disk of the station does not take that, and a restart would forget it: make room; it is tried again each minute',
      { cause: error },
    );
  });
