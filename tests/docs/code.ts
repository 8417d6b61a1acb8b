import { type CodeFile, readCode } from '../support/code/read-code.ts';
import { ROOT } from './repository.ts';

/** What the guards of the code look at: read once in each file of tests. */
export const codeFiles: readonly CodeFile[] = readCode(ROOT);

/** The first folder of a path; what lies in the root has none. */
export const roomOf = (path: string): string => (path.includes('/') ? path.slice(0, path.indexOf('/')) : 'root');

/** Code that is delivered or measured. A test is a list of cases, as long as it has cases. */
export const programFiles: readonly CodeFile[] = codeFiles.filter(({ path }) => roomOf(path) !== 'tests');
