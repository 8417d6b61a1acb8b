import type { Client } from 'aedes';

/**
 * Closes a connection whose packet announces more bytes than we would ever take. Neither Aedes nor its parser has a
 * bound: the parser gathers whatever length the header claims, up to 256 MB a connection.
 */

// The parser knows the length as soon as the fixed header is read. Private to Aedes (lib/client.js) and mqtt-packet
// (parser.js); tests/broker would notice a change.
type WithParser = Client & {
  _parser: { packet: { length: number }; parse: (bytes: Buffer) => number };
};

export class PacketTooLargeError extends Error {
  override readonly name = 'PacketTooLargeError';
}

export const guardPacketSize = (client: Client, maxBytes: number, onTooLarge: () => void): void => {
  const parser = (client as WithParser)._parser;
  const parse = parser.parse.bind(parser);
  parser.parse = (bytes) => {
    const left = parse(bytes);
    if (parser.packet.length > maxBytes) {
      onTooLarge();
      client.conn.destroy(new PacketTooLargeError(`a packet of ${parser.packet.length} bytes, at most ${maxBytes}`));
    }
    return left;
  };
};
