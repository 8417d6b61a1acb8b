import { readdirSync } from 'node:fs';

/** The names of all migrations, in their order. */
export const MIGRATION_NAMES: readonly string[] = readdirSync(new URL('../../migrations', import.meta.url))
  .filter((name) => name.endsWith('.sql'))
  .map((name) => name.replace('.sql', ''))
  .sort();
