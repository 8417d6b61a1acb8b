import { RHYTHM_LENGTH } from '#contracts/http/device-rhythm.ts';
import { createRhythmMinutes, type RhythmMinute, type RhythmMinutes } from './rhythm-minutes.ts';

/**
 * When the vitals messages of each device arrived, the newest of them, with what was missing before each. Numbers only: no
 * value of a patient. A message costs some writes into typed arrays, 8 kB in all, which are made with the first message of a
 * device.
 */

export type Rhythm = {
  /** '' and −1: the newest message named none. */
  readonly boot: string;
  readonly seq: number;
  /** The oldest first. */
  readonly arrivals: readonly number[];
  readonly gaps: readonly { readonly at: number; readonly missing: number }[];
  readonly boots: readonly number[];
  /** Of the last hour. */
  readonly minutes: readonly RhythmMinute[];
};

export type Rhythms = {
  /** Must be called for each vitals message. `boot` '' and `seq` −1: it has none. `firstSeq`: of the first message in it. */
  readonly heard: (device: string, receivedAt: number, boot: string, firstSeq: number, seq: number) => void;
  readonly of: (device: string, at: number) => Rhythm;
  /** Our own clock was put forward by so much, or back. */
  readonly shift: (byMs: number) => void;
};

/** In `marks`: the device began anew. Other numbers are how many messages were missing. */
const BOOT = 65_535;
const MAX_MISSING = BOOT - 1;

type Ring = {
  readonly times: Float64Array;
  readonly marks: Uint16Array;
  readonly minutes: RhythmMinutes;
  /** How many arrivals there were, ever. */
  count: number;
  boot: string;
  seq: number;
};

const NOTHING: Rhythm = { boot: '', seq: -1, arrivals: [], gaps: [], boots: [], minutes: [] };

/** Without a name for its boots, a device that counts from 0 or 1 again began anew. */
const markOf = (ring: Ring, boot: string, firstSeq: number): number => {
  if (ring.count === 0) return 0;
  if (boot !== ring.boot) return boot === '' || ring.boot === '' ? 0 : BOOT;
  if (firstSeq < 0 || ring.seq < 0) return 0;
  if (firstSeq > ring.seq + 1) return Math.min(MAX_MISSING, firstSeq - ring.seq - 1);
  return boot === '' && firstSeq <= 1 && ring.seq > 1 ? BOOT : 0;
};

const read = ({ times, marks, minutes, count, boot, seq }: Ring, at: number): Rhythm => {
  const arrivals: number[] = [];
  const gaps: { at: number; missing: number }[] = [];
  const boots: number[] = [];
  for (let index = Math.max(0, count - RHYTHM_LENGTH); index < count; index++) {
    const place = index % RHYTHM_LENGTH;
    const arrivedAt = times[place] ?? 0;
    const mark = marks[place] ?? 0;
    arrivals.push(arrivedAt);
    if (mark === BOOT) boots.push(arrivedAt);
    else if (mark > 0) gaps.push({ at: arrivedAt, missing: mark });
  }
  return { boot, seq, arrivals, gaps, boots, minutes: minutes.until(at) };
};

export const createRhythms = (): Rhythms => {
  const rings = new Map<string, Ring>();

  const ringOf = (device: string): Ring => {
    const known = rings.get(device);
    if (known) return known;
    const times = new Float64Array(RHYTHM_LENGTH);
    const marks = new Uint16Array(RHYTHM_LENGTH);
    const ring: Ring = { times, marks, minutes: createRhythmMinutes(), count: 0, boot: '', seq: -1 };
    rings.set(device, ring);
    return ring;
  };

  return {
    heard(device, receivedAt, boot, firstSeq, seq) {
      const ring = ringOf(device);
      const place = ring.count % RHYTHM_LENGTH;
      const mark = markOf(ring, boot, firstSeq);
      const before = ring.times[(ring.count + RHYTHM_LENGTH - 1) % RHYTHM_LENGTH] ?? 0;
      const spacingMs = ring.count === 0 ? 0 : receivedAt - before;
      ring.minutes.heard(receivedAt, spacingMs, mark === BOOT ? 0 : mark, mark === BOOT);
      ring.times[place] = receivedAt;
      ring.marks[place] = mark;
      ring.count++;
      // A message that comes late does not put the order back, and one that could not be read says nothing of it.
      if (mark === BOOT) ring.seq = seq;
      else if (seq > ring.seq) ring.seq = seq;
      if (boot !== '') ring.boot = boot;
    },
    of(device, at) {
      const ring = rings.get(device);
      return ring ? read(ring, at) : NOTHING;
    },
    shift(byMs) {
      for (const { times, minutes } of rings.values()) {
        // A minute that was cut in two by the step would be in none.
        minutes.clear();
        for (let place = 0; place < RHYTHM_LENGTH; place++) times[place] = (times[place] ?? 0) + byMs;
      }
    },
  };
};
