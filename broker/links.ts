import type { Socket } from 'node:net';
import type { Client } from 'aedes';

/** What we know of a connection beside what Aedes does. */
export type Link = {
  readonly socket: Socket;
  readonly address: string;
  /** The user name in its CONNECT; undefined before that came. */
  name: string | undefined;
  /** The client id in its CONNECT. */
  clientId: string;
  readonly since: number;
  /** When its last bytes came, by `performance.now()`. */
  heardAt: number;
  /** True once the reason why we close it has been noted. */
  isNoted: boolean;
};

const links = new WeakMap<Client, Link>();

export const setLink = (client: Client, socket: Socket): Link => {
  const at = performance.now();
  const address = socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/i, '') ?? 'unknown';
  const link: Link = { socket, address, name: undefined, clientId: '', since: at, heardAt: at, isNoted: false };
  links.set(client, link);
  return link;
};

export const linkOf = (client: Client): Link => {
  const link = links.get(client);
  if (!link) throw new Error('a client that came through no listener');
  return link;
};
