import type { Client } from 'aedes';
import { internalsOfClient } from './aedes-internals.ts';
import { UNACCEPTABLE_PROTOCOL_LEVEL } from './connacks.ts';

/**
 * Closes a connection whose packet announces more bytes than its sender may send, before they are gathered. Neither
 * Aedes nor its parser has a bound: the parser gathers whatever length the header claims, up to 256 MB a connection.
 */

export class PacketTooLargeError extends Error {
  override readonly name = 'PacketTooLargeError';
}

/** All but publications and subscriptions are a few bytes. */
const MAX_SMALL_BYTES = 1_024;
const MAX_CONTROL_BYTES = 64 * 1_024;
/** User name, password, client id and a Will. */
export const MAX_CONNECT_BYTES = 16 * 1_024;

const maxBytesOf = (command: string | null, maxPublishBytes: number): number => {
  if (command === 'publish') return maxPublishBytes;
  if (command === 'connect') return MAX_CONNECT_BYTES;
  return command === 'subscribe' || command === 'unsubscribe' ? MAX_CONTROL_BYTES : MAX_SMALL_BYTES;
};

export const guardPackets = (
  client: Client,
  {
    maxPublishBytes,
    takeFirst,
    onBytes,
    onGathering,
    onTooLarge,
    onProtocolVersion,
  }: {
    /** 0 before it has sent CONNECT. */
    maxPublishBytes: () => number;
    /** What is not for the parser is taken off the front. */
    takeFirst: (bytes: Buffer) => Buffer;
    onBytes: () => void;
    /** So many bytes of an unfinished packet are being gathered, 0 when none. False: there is no room for them. */
    onGathering: (bytes: number) => boolean;
    onTooLarge: (error: PacketTooLargeError) => void;
    /** A version that the parser does not even know. */
    onProtocolVersion: () => void;
  },
): void => {
  const parser = internalsOfClient(client)._parser;
  const parse = parser.parse.bind(parser);
  parser.parse = (bytes) => {
    onBytes();
    const others = takeFirst(bytes);
    if (others.length === 0) return 0;
    const left = parse(others);
    const { cmd, length } = parser.packet;
    const max = maxBytesOf(cmd, maxPublishBytes());
    if (length > max || !onGathering(Math.max(0, length))) {
      const error = new PacketTooLargeError(`a ${cmd} of ${length} bytes, at most ${max}`);
      onTooLarge(error);
      client.conn.destroy(error);
    }
    return left;
  };
  parser.prependListener('error', ({ message }) => {
    if (message !== 'Invalid protocol version') return;
    onProtocolVersion();
    client.conn.write(UNACCEPTABLE_PROTOCOL_LEVEL);
  });
};
