import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { promisify } from 'node:util';
import { sleep } from '#platform/backoff.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** No clock can be right that is before the time of this version: it runs on an empty battery. */
const EARLIEST = Date.parse('2026-01-01T00:00:00Z');

const WATCH_MS = 300;
const STEP_MS = 50;

/** How far the wall clock moved against the monotonic one while we looked. */
const stepMs = async (): Promise<number> => {
  const wall = Date.now();
  const monotonic = performance.now();
  await sleep(WATCH_MS);
  return Date.now() - wall - (performance.now() - monotonic);
};

/** undefined when this machine does not say. */
const isSynchronised = async (): Promise<boolean | undefined> => {
  try {
    const { stdout } = await promisify(execFile)('timedatectl', ['show', '-p', 'NTPSynchronized', '--value'], {
      timeout: 2_000,
    });
    return stdout.trim() === 'yes';
  } catch {
    // No systemd here, as in a container. Its time daemon leaves this mark, which may be mounted.
    return access('/run/systemd/timesync/synchronized').then(
      () => true,
      () => undefined,
    );
  }
};

export const checkClock = async (): Promise<Finding> => {
  const [step, synchronised] = await Promise.all([stepMs(), isSynchronised()]);
  const now = new Date();
  const detail = now.toISOString();
  if (now.getTime() < EARLIEST) return fail('clock', `${detail} is in the past`, 'set the clock and run an NTP client');
  if (Math.abs(step) > STEP_MS) {
    return warn(
      'clock',
      `moved by ${step.toFixed(0)} ms while watched`,
      'let one NTP client slew it, and nothing step it',
    );
  }
  if (synchronised) return ok('clock', `${detail}, synchronised`);
  return synchronised === false
    ? warn('clock', `${detail}, not synchronised`, 'run an NTP client: measurements are placed in time by this clock')
    : warn('clock', `${detail}, nothing tells whether it is synchronised`, 'make sure that an NTP client runs');
};
