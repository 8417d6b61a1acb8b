import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * One budget of file descriptors for everything that listens. Each connection takes one; when they run out no peer can
 * connect, neither a bed nor a stranger. So each kind of peer has a share that the others cannot take.
 */

export type DescriptorShares = {
  /** Connections that have not said yet who they are, over all listeners. */
  readonly strangers: number;
  /** Devices and integrations that are signed in over MQTT. */
  readonly mqtt: number;
  /** Screens and requests that are signed in over HTTP. */
  readonly http: number;
};

/** Database connections, journal, files, listeners, and room for what is opened for a moment. */
const RESERVED = 128;

/** How many descriptors this process may have open (RLIMIT_NOFILE). Node has raised it to the hard limit by now. */
export const readDescriptorLimit = (): number => {
  const read = (): string => {
    try {
      return /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? '';
    } catch {
      return execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();
    }
  };
  const limit = Number(read());
  return Number.isFinite(limit) && limit > 0 ? limit : Number.POSITIVE_INFINITY;
};

/** The shares that were wished for, or as much of them as the limit allows. Screens and strangers give way to beds first. */
export const shareDescriptors = (limit: number, wished: DescriptorShares): DescriptorShares => {
  const usable = Math.max(limit - RESERVED, Math.floor(limit / 2));
  const strangers = Math.max(1, Math.min(wished.strangers, Math.floor(usable / 5)));
  const http = Math.max(1, Math.min(wished.http, Math.floor(usable / 4)));
  return { strangers, http, mqtt: Math.max(1, Math.min(wished.mqtt, usable - strangers - http)) };
};
