import { FORMAT, NewerFormatError } from '#domain/alarms/formats/upcast.ts';
import { UserError } from '#platform/errors.ts';

/** What a newer release wrote is neither guessed at nor written over: the start ends before anything is touched. */

/**
 * `format` is what the bytes name as their format. Without a number the bytes cannot be read, and their reader finds
 * that.
 */
export const refuseNewer = (what: string, format: unknown): void => {
  if (typeof format === 'number' && format > FORMAT) throw new NewerFormatError(what, format);
};

/** The same error as a line for the person who started the program; any other as it is. */
export const explainNewer = (error: unknown): unknown =>
  error instanceof NewerFormatError
    ? new UserError(`${error.message}; nothing was changed: start the newer version again, or use another DATA_DIR`, {
        cause: error,
      })
    : error;
