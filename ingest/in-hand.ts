import { spawn } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, rmSync, writevSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CHANNELS, type Channel } from '#contracts/mqtt/topics.ts';
import { coerceError } from '#platform/errors.ts';
import type { Fault } from './fault.ts';
import { createSetAside } from './set-aside.ts';

/**
 * A message that ends the process is sent again after the restart, and would end it again. So what is large, and everything in the
 * first minutes after a death, is noted in a file while it is taken in, and the note is wiped after it. A note that is found at
 * a start was in hand when the process died. Whether it was the cause is tried in a process of its own: an honest message that
 * was in hand when somebody pulled the plug lives and is taken in when it comes again; one that dies there is set aside, whole, for good.
 *
 * The note survives the death of the process, not of the machine: nothing is flushed for it.
 */

/** Only a backlog is longer; decoding it takes many times as long as the note. */
const NOTED_FROM_BYTES = 32 * 1_024;
/** Devices are back within this time after a restart, and the message that killed the station comes with them. */
const CAREFUL_MS = 600_000;
const TRIAL_MS = 30_000;
const TRIAL_HEAP_MIB = 512;

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TRIAL = fileURLToPath(new URL('./trial.ts', import.meta.url));

export type Held = { readonly device: string; readonly channel: Channel; readonly payload: Buffer };

export type InHand = {
  /** Looks at what was left behind, before any message is taken. */
  readonly start: () => Promise<void>;
  /**
   * Must be called before anything else is done with a message. Returns a fault when it was set aside. One message is
   * put down before the next is taken.
   */
  readonly take: (held: Held) => Fault | undefined;
  readonly putDown: () => void;
  /** Ends in good order: no message is in hand. */
  readonly stop: () => void;
};

/** Resolves with false when it dies of it, or is not done in half a minute; true also when it could not be tried. */
export const tryInChild = (channel: string, payload: Uint8Array, script = TRIAL): Promise<boolean> =>
  new Promise((resolve) => {
    const loader = Reflect.get(process.features, 'typescript') ? [] : ['--import', 'tsx'];
    const child = spawn(
      process.execPath,
      [`--max-old-space-size=${TRIAL_HEAP_MIB}`, ...loader, script, channel],
      // Its loader is found from the project's folder, wherever the station was started.
      { cwd: ROOT, stdio: ['pipe', 'pipe', 'ignore'], timeout: TRIAL_MS, killSignal: 'SIGKILL' },
    );
    let hasBegun = false;
    child.stdout.on('data', () => {
      hasBegun = true;
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(payload);
    child.once('error', () => resolve(true));
    child.once('close', (code) => resolve(code === 0 || !hasBegun));
  });

/** What is left of a note: who sent it, and all of its payload; undefined when there is none, or the death cut the note short. */
const parseNote = (note: Buffer): (Held & { readonly payload: Buffer }) | undefined => {
  const end = note.indexOf('\n');
  const [name, length, device = ''] = note.toString('utf8', 0, Math.max(0, end)).split(' ');
  const payload = note.subarray(end + 1);
  const channel = CHANNELS.find((known) => known === name);
  if (channel === undefined) return undefined;
  return payload.length === Number(length) ? { device, channel, payload } : undefined;
};

export type InHandDependencies = {
  readonly folder: string;
  readonly now: () => number;
  readonly onSetAside: (device: string, path: string) => void;
  /** The note cannot be written; the message is taken in without it. */
  readonly onFailure: (error: Error) => void;
  /** Resolves with false when the payload would end the process again. */
  readonly tryAgain?: (channel: Channel, payload: Buffer) => Promise<boolean>;
};

/** The note of what is in hand: written before a message is taken in, and wiped after it. */
const openNote = (path: string) => {
  const file = openSync(path, 'w');
  let isNoted = false;
  return {
    write({ device, channel, payload }: Held): void {
      isNoted = true;
      writevSync(file, [Buffer.from(`${channel} ${payload.length} ${device}\n`), payload], 0);
    },
    wipe(): void {
      if (!isNoted) return;
      isNoted = false;
      ftruncateSync(file, 0);
    },
    remove(): void {
      closeSync(file);
      rmSync(path, { force: true });
    },
  };
};

export const createInHand = (deps: InHandDependencies): InHand => {
  const { folder, now, onSetAside, onFailure, tryAgain = tryInChild } = deps;
  const notePath = join(folder, 'note');
  const setAside = createSetAside(folder);
  let note: ReturnType<typeof openNote> | undefined;
  let carefulUntil = Number.NEGATIVE_INFINITY;
  let hasFailed = false;

  const judge = async (left: Buffer): Promise<void> => {
    const held = parseNote(left);
    if (!held || (await tryAgain(held.channel, held.payload))) return;
    onSetAside(held.device, await setAside.add(held));
  };

  const write = (held: Held): void => {
    try {
      note?.write(held);
    } catch (thrown) {
      if (!hasFailed) onFailure(coerceError(thrown));
      hasFailed = true;
    }
  };

  return {
    async start() {
      if (note) return;
      try {
        await mkdir(folder, { recursive: true });
        const left = await readFile(notePath).catch(() => undefined);
        if (left) {
          carefulUntil = now() + CAREFUL_MS;
          await judge(left);
        }
        await setAside.read();
        note = openNote(notePath);
      } catch (thrown) {
        // A disk that is full must not keep a station from starting.
        onFailure(coerceError(thrown));
      }
    },
    take(held) {
      const path = setAside.find(held);
      if (path !== undefined) {
        return { reason: 'payload-set-aside', detail: `the station died with it in hand: all of it is in ${path}` };
      }
      if (held.payload.length >= NOTED_FROM_BYTES || (carefulUntil > 0 && now() < carefulUntil)) write(held);
      return undefined;
    },
    putDown: () => note?.wipe(),
    stop() {
      note?.remove();
      note = undefined;
    },
  };
};
