import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DeviceClock, type Heard, UNKNOWN_CLOCK } from '../../ingest/device-clock/clock.ts';
import { hear, hearTold } from '../../ingest/device-clock/hear.ts';
import { place } from '../../ingest/device-clock/place.ts';
import { shift } from '../../ingest/device-clock/shift.ts';

const START = Date.UTC(2026, 0, 1);
const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/** A device that counts its messages, on its way to us. `aheadMs`: by how much its clock is ahead of ours. */
const createDevice = ({ aheadMs = 0, isCounting = true }: { aheadMs?: number; isCounting?: boolean } = {}) => {
  let clock: DeviceClock = UNKNOWN_CLOCK;
  let seq = 0;
  let now = START;
  const steps: number[] = [];
  const device = {
    aheadMs,
    steps,
    clock: () => clock,
    now: () => now,
    pass(ms: number): void {
      now += ms;
    },
    /** Measured `agoMs` before it arrives. */
    send(agoMs = 3, rest: Partial<Heard> = {}): number {
      const time = now - agoMs + device.aheadMs;
      const number = isCounting ? seq++ : -1;
      const isImplausible = Math.abs(time - now) > 24 * HOUR;
      const { clock: next, stepMs } = hear(clock, {
        channel: 'vitals',
        boot: 'a',
        firstSeq: number,
        lastSeq: number,
        count: 1,
        oldest: rest.time ?? time,
        time,
        sent: undefined,
        receivedAt: now,
        isImplausible,
        ...rest,
      });
      clock = next;
      if (stepMs !== 0) steps.push(Math.round(stepMs / SECOND));
      return time;
    },
    sendFor(seconds: number, agoMs = 3): void {
      for (let second = 0; second < seconds; second++) {
        device.send(agoMs + (second % 5));
        now += SECOND;
      }
    },
    tell(): void {
      clock = hearTold(clock, now + device.aheadMs, now);
    },
    /** How old it is taken to be: 0 is now. */
    ageOf(time: number): number {
      const placed = place(clock, 'vitals', { boot: '', seq: -1, time }, now, Math.abs(time - now) <= 24 * HOUR);
      if (!placed) throw new Error('it is at a time that cannot be');
      return now - placed.measuredAt;
    },
  };
  return device;
};

test('a steady stream gives the offset as its least delay, and not before ten seconds', () => {
  const behind = createDevice({ aheadMs: -600 * SECOND });
  behind.sendFor(9);
  expect(behind.clock().isSteady).toBe(false);
  behind.sendFor(11);
  expect(behind.clock()).toMatchObject({ isSteady: true, offsetMs: 600 * SECOND + 3 });
});

test('a backfill, in any packets, changes nothing of what is known', () => {
  const device = createDevice();
  device.sendFor(20);
  const { offsetMs } = device.clock();
  for (let index = 0; index < 300; index++) {
    device.pass(10);
    device.send((300 - index) * SECOND);
  }
  expect(device.clock()).toMatchObject({ offsetMs });
  expect(device.steps).toEqual([-300, 300]);
  const fresh = createDevice();
  for (let index = 0; index < 600; index++) {
    fresh.pass(20);
    fresh.send((600 - index) * SECOND);
  }
  expect(fresh.clock().isSteady).toBe(false);
});

test('a clock that is ahead is taken back from the first message on', () => {
  const device = createDevice({ aheadMs: 11 * SECOND });
  expect(device.ageOf(device.send(0))).toBe(0);
  device.sendFor(5);
  expect(device.ageOf(device.now() + device.aheadMs - 40 * SECOND)).toBeGreaterThanOrEqual(40 * SECOND);
});

test.each([
  ['back, by a person', 11, 0],
  ['forward, by a person', -11, 0],
  ['back, by an hour', 3_600, 0],
  ['back, to a wrong time', 0, -20],
  ['forward, to a wrong time', 0, 20],
])('a clock that is put %s is noticed with the first message', (_, beforeS, afterS) => {
  const device = createDevice({ aheadMs: beforeS * SECOND });
  device.sendFor(30);
  device.aheadMs = afterS * SECOND;
  const time = device.send();
  expect(device.steps).toEqual([afterS - beforeS]);
  expect(device.ageOf(time)).toBeLessThanOrEqual(Math.max(0, -afterS) * SECOND + 10);
});

test('a device that sends each five seconds an array of the last five is noticed too, and one that sends the past is not', () => {
  const sendArray = (device: ReturnType<typeof createDevice>, passMs: number, agoMs: number) => {
    device.pass(passMs);
    const time = device.now() - agoMs + device.aheadMs;
    device.send(agoMs, { count: 5, oldest: time - 4 * SECOND });
  };
  const device = createDevice({ aheadMs: 11 * SECOND });
  for (let count = 0; count < 6; count++) sendArray(device, 5 * SECOND, 3);
  for (let count = 0; count < 10; count++) sendArray(device, 10, (100 - count * 5) * SECOND);
  expect(device.steps).toEqual([]);
  sendArray(device, 5 * SECOND, 3);
  device.aheadMs = 0;
  sendArray(device, 5 * SECOND, 3);
  expect(device.steps).toEqual([-11]);
});

test('a device without numbers is noticed too', () => {
  const device = createDevice({ aheadMs: 11 * SECOND, isCounting: false });
  device.sendFor(30);
  device.aheadMs = 0;
  expect(device.ageOf(device.send())).toBeLessThan(10);
  expect(device.steps).toEqual([-11]);
});

test('a link that stalls and goes on is not a clock that was put back', () => {
  const device = createDevice();
  device.sendFor(30);
  device.pass(40 * SECOND);
  for (let late = 40; late >= 0; late--) device.send(late * SECOND + 3);
  expect(device.steps).toEqual([]);
  expect(device.clock()).toMatchObject({ offsetMs: 3, isSteady: true });
});

test('one message with a time of its own leaves the clock as it was', () => {
  const device = createDevice({ aheadMs: -40 * SECOND });
  device.tell();
  device.sendFor(20);
  expect(device.clock().isProven).toBe(true);
  device.send(60 * SECOND);
  device.pass(SECOND);
  device.send();
  expect(device.steps).toEqual([-60, 60]);
  expect(device.clock()).toMatchObject({ isProven: true, isSteady: true });
});

test('messages in another order, or twice, are no step', () => {
  const device = createDevice();
  device.sendFor(20);
  const time = device.now();
  const at = (seq: number) => ({ firstSeq: seq, lastSeq: seq, time: time + seq * SECOND });
  for (const seq of [21, 20, 22, 22, 25, 23, 24]) {
    device.pass(SECOND);
    device.send(0, at(seq));
  }
  expect(device.steps).toEqual([]);
});

test('a clock that is behind is trusted once the device has told the time by it, and not before', () => {
  const device = createDevice({ aheadMs: -40 * SECOND });
  device.sendFor(60);
  expect(device.ageOf(device.send())).toBeGreaterThan(39 * SECOND);
  device.tell();
  device.sendFor(12);
  expect(device.clock().isProven).toBe(true);
  expect(device.ageOf(device.send())).toBeLessThan(10);
  // Then it is late by its own word.
  expect(device.ageOf(device.send(35 * SECOND))).toBeGreaterThan(34 * SECOND);
});

test('the time of sending in each message tells it as well', () => {
  const device = createDevice({ aheadMs: -40 * SECOND });
  for (let second = 0; second < 20; second++) {
    device.send(3, { sent: device.now() - 3 - 40 * SECOND });
    device.pass(SECOND);
  }
  expect(device.ageOf(device.send(3, { sent: device.now() - 3 - 40 * SECOND }))).toBeLessThan(10);
});

test('a gateway that is constantly late stays late, whatever it does not tell or tells of its own clock', () => {
  for (const isTold of [false, true]) {
    const device = createDevice();
    if (isTold) device.tell();
    device.sendFor(600, 40 * SECOND);
    if (isTold) device.tell();
    device.sendFor(60, 40 * SECOND);
    expect(device.ageOf(device.send(40 * SECOND))).toBeGreaterThanOrEqual(40 * SECOND);
  }
});

test('a clock that is behind and told, on a link that gets slow: what is late is late', () => {
  const device = createDevice({ aheadMs: -40 * SECOND });
  device.tell();
  device.sendFor(20);
  device.sendFor(600, 35 * SECOND);
  expect(device.ageOf(device.send(35 * SECOND))).toBeGreaterThan(34 * SECOND);
});

test('without numbers, or with numbers missing, a clock that is behind is not trusted', () => {
  const uncounted = createDevice({ aheadMs: -40 * SECOND, isCounting: false });
  uncounted.tell();
  uncounted.sendFor(60);
  expect(uncounted.clock().isProven).toBe(false);
  const lossy = createDevice({ aheadMs: -40 * SECOND });
  lossy.tell();
  for (let second = 0; second < 60; second++) {
    lossy.send(3, { firstSeq: second * 2, lastSeq: second * 2 });
    lossy.pass(SECOND);
  }
  expect(lossy.clock().isProven).toBe(false);
});

test('a clock that drifts is followed', () => {
  const device = createDevice({ aheadMs: 5 * SECOND });
  for (let minute = 0; minute < 60; minute++) {
    device.aheadMs -= 200;
    device.sendFor(20);
  }
  expect(device.clock().offsetMs).toBeGreaterThan(4 * SECOND);
  expect(device.steps).toEqual([]);
});

test.each([
  ['1970', 0],
  ['2000', Date.UTC(2000, 0, 1)],
  ['2106', Date.UTC(2106, 0, 1)],
])('a clock that begins in %s is placed by arrival, each message at one time however often it comes', (_, begin) => {
  const device = createDevice({ aheadMs: begin - START });
  const time = device.send();
  expect(device.ageOf(time)).toBeLessThan(10);
  const before = place(device.clock(), 'vitals', { boot: '', seq: -1, time }, device.now(), false);
  device.sendFor(60);
  const after = place(device.clock(), 'vitals', { boot: '', seq: -1, time }, device.now(), false);
  expect(after?.time).toBe(before?.time);
  // What it kept while its link was away is as old as it says.
  device.pass(60 * SECOND);
  expect(device.ageOf(device.send(45 * SECOND))).toBeGreaterThan(44 * SECOND);
  // Its clock is set at last.
  device.aheadMs = 0;
  expect(device.ageOf(device.send())).toBeLessThan(10);
  expect(device.clock().anchorMs).toBe(0);
  expect(device.steps).toEqual([]);
});

test('a clock that does not run is placed by arrival', () => {
  const device = createDevice();
  for (let second = 0; second < 60; second++) {
    device.send(0, { time: 0, isImplausible: true });
    expect(device.ageOf(0)).toBeLessThan(300);
    device.pass(SECOND);
  }
});

test('a device whose clock was right and is lost, with a new start or without, is placed by arrival at once', () => {
  for (const boot of ['a', 'b']) {
    const device = createDevice();
    device.sendFor(30);
    device.aheadMs = -START;
    const time = device.send(3, boot === 'a' ? {} : { boot, firstSeq: 0, lastSeq: 0 });
    expect(device.ageOf(time)).toBeLessThan(10);
  }
});

test('an array of times that cannot be, and one without a number, are not a clock', () => {
  const array = createDevice({ aheadMs: -START });
  expect(() => array.ageOf(array.send(0, { count: 5 }))).toThrow();
  const uncounted = createDevice({ aheadMs: -START, isCounting: false });
  expect(() => uncounted.ageOf(uncounted.send())).toThrow();
  uncounted.pass(SECOND);
  expect(uncounted.ageOf(uncounted.send())).toBeLessThan(10);
});

test('a step of our own clock is none of theirs', () => {
  const device = createDevice({ aheadMs: -40 * SECOND });
  device.tell();
  device.sendFor(20);
  const moved = shift(device.clock(), 25 * SECOND);
  expect(moved).toMatchObject({ isProven: true, offsetMs: (device.clock().offsetMs ?? 0) + 25 * SECOND });
});

test('what is measured is never placed after it arrived, nor its earliest after its latest', () => {
  const message = fc.record({
    agoMs: fc.integer({ min: -50_000, max: 50_000 }),
    passMs: fc.integer({ min: 0, max: 20_000 }),
    isTold: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 40 }), (messages) => {
      const device = createDevice();
      for (const { agoMs, passMs, isTold } of messages) {
        device.pass(passMs);
        if (isTold) device.tell();
        const time = device.send(agoMs);
        const placed = place(device.clock(), 'vitals', { boot: 'a', seq: -1, time }, device.now(), true);
        if (!placed) throw new Error('it is plausible');
        expect(placed.measuredAt).toBeLessThanOrEqual(device.now());
        expect(placed.to).toBeLessThanOrEqual(device.now());
        expect(placed.from).toBeLessThanOrEqual(placed.to);
      }
    }),
  );
});
