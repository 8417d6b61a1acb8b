import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readRecording } from '../../../simulators/formats/read-recording.ts';
import type { Recording, SmallRecording } from '../../../simulators/formats/recording.ts';

const FOLDER = fileURLToPath(new URL('../../../../shared/data/recordings/', import.meta.url));

/** Why the tests that read real recordings are left out, or false. */
export const withoutRecordings: string | false = existsSync(FOLDER) ? false : `no recordings at ${FOLDER}`;

if (withoutRecordings) console.warn(`skipped: ${withoutRecordings}`);

export const recordingPath = (name: string): string => `${FOLDER}${name}`;

/** A recording with all its frames in memory. */
export const inMemory = (recording: Recording): SmallRecording => ({ ...recording, frames: [...recording.frames] });
export const readWhole = (path: string): SmallRecording => inMemory(readRecording(path));
