import { type DatabaseFault, explainDatabaseError } from '#platform/database-fault.ts';
import { UserError } from '#platform/errors.ts';
import { withClient } from '../migrations/client.ts';

/** Why the database cannot be used and what to do, or undefined when it can be asked. */
export const databaseFault = async (databaseUrl: string): Promise<DatabaseFault | undefined> => {
  try {
    await withClient(databaseUrl, (client) => client.query('select 1'));
    return undefined;
  } catch (error) {
    return explainDatabaseError(error, databaseUrl);
  }
};

/** What went wrong with the database as a UserError; one that is already stays as it is. */
export const asUserError = (error: unknown, databaseUrl: string): UserError => {
  if (error instanceof UserError) return error;
  const { detail, remedy } = explainDatabaseError(error, databaseUrl);
  return new UserError(`${detail}: ${remedy}`, { cause: error });
};
