import { type Logger, pino } from 'pino';
import { coerceError, errorCode } from './errors.ts';
import { standardSink } from './line-sink.ts';

export type { Logger } from 'pino';

/** What an error says, not what it carries: those of the database quote rows in `detail` and drag a connection along. */
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

/** What Node warns of goes the same way; its own is to write, and to wait until that is read. */
export const logWarnings = (log: Logger): void => {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => log.warn({ err: warning }, 'a warning of Node'));
};
