import { formatColumns } from '#platform/columns.ts';
import { standardSink } from '#platform/line-sink.ts';

/** Results go to standard output, as one JSON value or as text for people. Everything else goes to standard error. */

export const printJson = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`);
};

export const printLine = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Prints a line for people beside the result, which a script reads without it. */
export const note = (line: string): void => standardSink(2).write(`${line}\n`);

/** What a station that runs says on standard output. Whoever does not read it, or has no room for it, holds up no ward. */
export const announceJson = (value: unknown): void => announceLine(JSON.stringify(value));
export const announceLine = (line: string): void => standardSink(1).write(`${line}\n`);

/** Rows under their headings, columns aligned. */
export const table = (headings: readonly string[], rows: readonly (readonly string[])[]): string =>
  formatColumns([headings, ...rows]);
