import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../../../shared/data/recordings/', import.meta.url));

/** Why the tests that read real recordings are left out, or false. */
export const withoutRecordings: string | false = existsSync(FOLDER) ? false : `no recordings at ${FOLDER}`;

if (withoutRecordings) console.warn(`skipped: ${withoutRecordings}`);

export const recordingPath = (name: string): string => `${FOLDER}${name}`;
