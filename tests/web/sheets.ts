import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The style sheets of the screens, by their paths within `web/`. */

const WEB = join(import.meta.dirname, '../../web');

export const readSheet = (path: string): string => readFileSync(join(WEB, path), 'utf8');

export const sheetsIn = (...folders: readonly string[]): readonly string[] =>
  folders.flatMap((folder) =>
    readdirSync(join(WEB, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.css'))
      .map((name) => join(folder, name)),
  );
