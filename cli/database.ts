import { coerceError, errorCode, UserError } from '#platform/errors.ts';
import { withClient } from '../migrations/client.ts';

/** Host, port and database; never the user's password. */
export const databasePlace = (databaseUrl: string): string => {
  const { host, pathname } = new URL(databaseUrl);
  return `${host}${pathname}`;
};

/** Why the database cannot be reached and what to do, or undefined when it can. */
export const databaseFault = async (databaseUrl: string): Promise<{ detail: string; remedy: string } | undefined> => {
  try {
    await withClient(databaseUrl, (client) => client.query('select 1'));
    return undefined;
  } catch (thrown) {
    const error = coerceError(thrown);
    // A name with several addresses fails with several errors, whose common message is empty.
    const reason = error.message || errorCode(error) || error.name;
    return {
      detail: `cannot reach the database at ${databasePlace(databaseUrl)} (${reason})`,
      remedy: 'start it, or correct DATABASE_URL',
    };
  }
};

/** Throws that as a UserError. */
export const reachDatabase = async (databaseUrl: string): Promise<void> => {
  const fault = await databaseFault(databaseUrl);
  if (fault) throw new UserError(`${fault.detail}: ${fault.remedy}`);
};
