import type { Command } from 'commander';
import { databasePlace } from '#platform/database-fault.ts';
import { UserError } from '#platform/errors.ts';
import { createLog } from '#platform/log.ts';
import { asUserError } from './database.ts';
import { printJson, printLine } from './output.ts';
import { readConfig } from './settings.ts';

export const addMigrate = (program: Command): void => {
  program
    .command('migrate')
    .description('bring the database at DATABASE_URL to the schema of this version')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
\`wardwatch start\` does the same before it is ready. This verb is for doing it beforehand, by another database user.

Example: DATABASE_URL=postgres://wardwatch@db/wardwatch wardwatch migrate`,
    )
    .action(async (options: { json?: true }) => {
      const { databaseUrl, logLevel } = readConfig({});
      if (databaseUrl === undefined) {
        throw new UserError('DATABASE_URL is not set: set it; the embedded database is migrated by `wardwatch start`');
      }
      const { migrate } = await import('../migrations/migrate.ts');
      const { level, applied } = await migrate({ databaseUrl, log: createLog({ level: logLevel }) }).catch(
        (error: unknown) => Promise.reject(asUserError(error, databaseUrl)),
      );
      if (options.json) return printJson({ level, applied });
      printLine(`${databasePlace(databaseUrl)}: applied ${applied.join(', ') || 'nothing new'}, level ${level}`);
    });
};
