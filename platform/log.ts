import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** JSON lines on standard error: standard output belongs to the command. Never log a patient's data. */
export const createLog = ({ level }: { level: string }): Logger =>
  pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ fd: 2, sync: false }));
