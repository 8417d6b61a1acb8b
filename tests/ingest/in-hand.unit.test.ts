import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createInHand, type InHand, tryInChild } from '../../ingest/in-hand.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`./fixtures/${name}.ts`, import.meta.url));
const FATAL = fixture('fatal-trial');
const LARGE = 40_000;
const SMALL = 200;

let folder = '';
const opened: InHand[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wardwatch-in-hand-'));
});
afterEach(() => {
  for (const inHand of opened.splice(0)) inHand.stop();
  rmSync(folder, { recursive: true });
});

/** A real process that is killed with the last of these in hand. */
const die = async (...lengths: number[]): Promise<void> => {
  const args = ['--import', 'tsx', fixture('dies-in-hand'), folder, ...lengths.map(String)];
  const [, signal] = await once(spawn(process.execPath, args), 'exit');
  expect(signal).toBe('SIGKILL');
};

/** Opens the same folder as after a restart. */
const open = async (trial?: string): Promise<{ inHand: InHand; told: string[] }> => {
  const told: string[] = [];
  const inHand = createInHand({
    folder,
    now: Date.now,
    onSetAside: (device) => told.push(device),
    onFailure: (error) => {
      throw error;
    },
    tryAgain: (channel, payload) => tryInChild(channel, payload, trial),
  });
  opened.push(inHand);
  await inHand.start();
  return { inHand, told };
};

const held = (length: number, device = 'monitor-1') =>
  ({ device, channel: 'vitals', payload: Buffer.alloc(length, 0x20) }) as const;

test('a message that ends the process is set aside after the restart, whole, and at every start from then on', async () => {
  await die(LARGE);
  const { inHand, told } = await open(FATAL);
  expect(told).toEqual(['monitor-1']);
  expect(inHand.take(held(LARGE))).toMatchObject({ reason: 'payload-set-aside' });
  for (const other of [held(LARGE, 'monitor-2'), held(LARGE + 1), held(SMALL)]) {
    expect(inHand.take(other)).toBeUndefined();
    inHand.putDown();
  }
  inHand.stop();
  const again = await open(FATAL);
  expect(again.told).toEqual([]);
  expect(again.inHand.take(held(LARGE))).toMatchObject({ reason: 'payload-set-aside' });
});

test('an honest message that was in hand when the process was killed is taken in when it comes again', async () => {
  await die(LARGE);
  const { inHand, told } = await open();
  expect(told).toEqual([]);
  expect(inHand.take(held(LARGE))).toBeUndefined();
});

test('what was put down, or held for the journal, is nothing that the process died with', async () => {
  await die(LARGE, SMALL);
  const { inHand, told } = await open(FATAL);
  expect(told).toEqual([]);
  expect(inHand.take(held(LARGE))).toBeUndefined();
});

test('a small message is noted only after a death, so that it too is set aside when it ends the process again', async () => {
  await die(SMALL);
  await die(SMALL);
  const { inHand } = await open(FATAL);
  expect(inHand.take(held(SMALL))).toMatchObject({ reason: 'payload-set-aside' });
});

test('an end in good order leaves no note, and a note that was cut short accuses nobody', async () => {
  const { inHand } = await open();
  inHand.take(held(LARGE));
  inHand.putDown();
  inHand.stop();
  expect(existsSync(join(folder, 'note'))).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
});
