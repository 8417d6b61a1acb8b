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

export type DescriptorLimits = { readonly soft: number; readonly hard: number };

const parseLimit = (text: string): number => {
  const limit = Number(text);
  return Number.isFinite(limit) && limit > 0 ? limit : Number.POSITIVE_INFINITY;
};

/** The limits of a process by its file in /proc (proc(5)). */
export const parseDescriptorLimits = (text: string): DescriptorLimits | undefined => {
  const [, soft, hard] = /^Max open files\s+(\S+)\s+(\S+)/m.exec(text) ?? [];
  return soft === undefined || hard === undefined ? undefined : { soft: parseLimit(soft), hard: parseLimit(hard) };
};

/** Linux only: undefined elsewhere, and when the process is gone. */
export const readDescriptorLimits = (pid: number | 'self'): DescriptorLimits | undefined => {
  try {
    return parseDescriptorLimits(readFileSync(`/proc/${pid}/limits`, 'utf8'));
  } catch {
    return undefined;
  }
};

/**
 * How many descriptors this process may have open (RLIMIT_NOFILE). Node raises its soft limit to the hard one when it
 * starts (measured with Node 20: 1,024 and 20,000 become 20,000 twice), so it is the hard limit that counts.
 */
export const readDescriptorLimit = (): number =>
  readDescriptorLimits('self')?.soft ??
  parseLimit(execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim());

/** The limit at which everybody has the share that was wished. */
export const neededDescriptors = ({ strangers, mqtt, http }: DescriptorShares): number =>
  Math.max(strangers + mqtt + http + RESERVED, strangers * 5 + RESERVED, http * 4 + RESERVED);

/** What a person does about a limit that is too low. It must be the hard limit, and of the process that is started. */
export const raiseDescriptorLimit = (needed: number): string =>
  `raise its hard limit to ${needed} or more: LimitNOFILE=${needed} in the unit of systemd, docker run --ulimit nofile=${needed}:${needed}, or ulimit -Hn ${needed} as root in the shell that starts it`;

/** The shares that were wished for, or as much of them as the limit allows. Screens and strangers give way to beds first. */
export const shareDescriptors = (limit: number, wished: DescriptorShares): DescriptorShares => {
  const usable = Math.max(limit - RESERVED, Math.floor(limit / 2));
  const strangers = Math.max(1, Math.min(wished.strangers, Math.floor(usable / 5)));
  const http = Math.max(1, Math.min(wished.http, Math.floor(usable / 4)));
  return { strangers, http, mqtt: Math.max(1, Math.min(wished.mqtt, usable - strangers - http)) };
};
