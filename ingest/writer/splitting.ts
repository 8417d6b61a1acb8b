import type { Entry } from '#contracts/ports/journal.ts';
import { coerceError, errorCode } from '#platform/errors.ts';
import { encodeRecord } from '../record.ts';
import type { Stored, StoreSession } from '../session.ts';

/** SQLSTATE classes that mean that the data will never be accepted: data exception, integrity constraint violation. */
const REFUSAL_CLASSES = new Set(['22', '23']);

/** A record that cannot even be read is refused in the same way. */
const isRefusal = (error: unknown): boolean =>
  error instanceof RangeError || REFUSAL_CLASSES.has(errorCode(error)?.slice(0, 2) ?? '');

/** Long enough for any reason that a database gives. */
const MAX_DETAIL_LENGTH = 500;

/** Writes a batch. What the database refuses is halved until the one record is found, which is set aside. */
export type WriteSplitting = (entries: readonly Entry[]) => Promise<void>;

export const createWriteSplitting = ({
  session,
  now,
  onStored,
  onRefused,
}: {
  session: Pick<StoreSession, 'write'>;
  now: () => number;
  onStored: (stored: Stored) => void;
  onRefused: (error: Error) => void;
}): WriteSplitting => {
  const setAside = async ({ position, bytes: payload }: Entry, cause: Error): Promise<void> => {
    onRefused(cause);
    const reject = encodeRecord({
      kind: 'reject',
      receivedAt: now(),
      topic: '',
      device: '',
      reason: 'storage-refused',
      detail: cause.message.slice(0, MAX_DETAIL_LENGTH),
      payload,
      payloadBytes: payload.length,
    });
    await session.write([{ position, bytes: reject }]);
  };

  const write: WriteSplitting = async (entries) => {
    try {
      onStored(await session.write(entries));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const [only, ...others] = entries;
      if (only && others.length === 0) return await setAside(only, coerceError(error));
      const middle = Math.ceil(entries.length / 2);
      await write(entries.slice(0, middle));
      await write(entries.slice(middle));
    }
  };
  return write;
};
