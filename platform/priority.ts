import { readFileSync, readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';
import type { DatabaseClient } from './database.ts';

/**
 * Lower priority for what can wait. A wish and no promise: where the system does not let us, all goes on as it was. Only on
 * Linux has a thread a priority of its own (setpriority(2), "C library/kernel differences").
 */

/** 0 is ordinary, 19 the lowest. */
export type Niceness = 5 | 10 | 15;

/** Of a process or thread that is another account's, or gone by now, or where there is no /proc, nothing comes. */
const lower = (find: () => number | undefined, niceness: Niceness): void => {
  if (process.platform !== 'linux') return;
  try {
    const id = find();
    if (id !== undefined) setPriority(id, niceness);
  } catch {
    // It keeps the priority that it has.
  }
};

/** The thread that calls it, and nothing else of its process. */
export const lowerThisThread = (niceness: Niceness): void =>
  lower(() => Number(basename(readlinkSync('/proc/thread-self'))), niceness);

/** What pg knows of a connection and its types do not tell. */
type Connected = { readonly processID?: unknown; readonly connection?: { readonly stream?: { localPort?: unknown } } };

/** The process of the server that works for a connection, as the server numbers it. */
export const backendOf = (client: DatabaseClient): number | undefined => {
  const { processID }: Connected = client as Connected;
  return typeof processID === 'number' ? processID : undefined;
};

/**
 * The server's process for a connection, when it runs on this machine. Its number says nothing about another machine or a
 * container; that it is the one is seen by its title, which ends with the port from which we connected, "(54321) idle".
 */
export const lowerBackend = (client: DatabaseClient, niceness: Niceness): void =>
  lower(() => {
    const pid = backendOf(client);
    const port = (client as Connected).connection?.stream?.localPort;
    const title = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return title.startsWith('postgres: ') && title.includes(`(${port})`) ? pid : undefined;
  }, niceness);
