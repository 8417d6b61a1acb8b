import { type Logger, pino } from 'pino';
import { coerceError, errorCode } from './errors.ts';

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
    pino.destination({ fd: 2, sync: false }),
  );
