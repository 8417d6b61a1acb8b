import { type Logger, pino } from 'pino';
import { coerceError, errorCode } from './errors.ts';
import { standardSink } from './line-sink.ts';

export type { Logger } from 'pino';

/** The text of an error, without what it carries: errors of the database quote rows in `detail` and hold a connection. */
const describeError = (thrown: unknown) => {
  const { name, message, stack } = coerceError(thrown);
  return { name, message, code: errorCode(thrown), stack };
};

/** JSON lines on standard error: standard output belongs to the command. Never log a patient's data. */
export const createLog = ({ level }: { level: string }): Logger =>
  pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: describeError } },
    standardSink(2),
  );

/** Warnings of Node go to the log too. Node itself would write them to standard error and wait until they are read. */
export const logWarnings = (log: Logger): void => {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => log.warn({ err: warning }, 'a warning of Node'));
};
