import { expect, test } from 'vitest';
import { createDevices } from '../../ingest/devices.ts';
import type { Message } from '../../ingest/envelope.ts';
import type { Fault } from '../../ingest/fault.ts';
import { indexRegistry, RegistryData } from '../../ingest/registry.ts';
import { type Arrival, createTiming } from '../../ingest/timing.ts';

/** A device that was in bed `a` with patient 1, and since MOVED is in bed `b` with patient 2. */

const MOVED = Date.UTC(2026, 10, 25, 10);
const SECOND = 1_000;
const DEVICE = 'm1';

const REGISTRY = RegistryData.parse({
  units: [],
  beds: [],
  devices: [],
  patients: [],
  encounters: [
    { id: 1, patient: 1, bed: 'a', start: MOVED - 86_400_000, end: null },
    { id: 2, patient: 2, bed: 'b', start: MOVED - 86_400_000, end: null },
  ],
  assignments: [
    { device: DEVICE, bed: 'b', start: MOVED, end: null },
    { device: DEVICE, bed: 'a', start: MOVED - 3_600_000, end: MOVED },
  ],
});

const createStation = ({ registry = REGISTRY, aheadMs = 0 }: { registry?: RegistryData; aheadMs?: number } = {}) => {
  let now = MOVED - 60 * SECOND;
  let seq = 0;
  const devices = createDevices({ now: () => now, onChange: () => undefined });
  const indexed = indexRegistry(registry);
  const timing = createTiming({ registry: () => indexed, devices, lateAfterMs: 30_000, retentionDays: 90 });
  const faults: Fault[] = [];
  const station = {
    devices,
    faults,
    aheadMs,
    at(ms: number): void {
      now = ms;
    },
    /** Whose each message of a payload is, and whether it is live. By our clock: undefined has no time. */
    receive(
      measuredAts: readonly (number | undefined)[],
      rest: Partial<Arrival> & { lastsMs?: number } = {},
    ): string[] {
      const { lastsMs = 0, ...given } = rest;
      const arrival: Arrival = { device: DEVICE, channel: 'vitals', receivedAt: now, isRepeat: false, ...given };
      const messages = measuredAts.map(
        (time): Message<number> => ({
          time: time === undefined ? undefined : time + station.aheadMs,
          sent: undefined,
          boot: 'x',
          seq: given.isRepeat ? 0 : seq++,
          items: [1],
        }),
      );
      timing.hear(arrival, messages);
      return messages.map((message) => {
        const { source, block } = timing.time(arrival, message, lastsMs, faults);
        return `${source.bed}/${source.encounter} ${block.late ? 'late' : 'live'}`;
      });
    },
    /** One message a second up to a moment. */
    receiveUntil(ms: number): void {
      for (; now < ms; now += SECOND) station.receive([now - 5]);
      now = ms;
    },
  };
  return station;
};

test.each([
  ['before the move', -10, 'a/1 late'],
  ['at the very moment of the move', 0, 'b/2 live'],
  ['after it', 1, 'b/2 live'],
])('a reading measured %s belongs to who was there then, and is live only for who is there since', (_, ms, whose) => {
  for (const aheadS of [0, -20, 11, 3_600]) {
    const station = createStation({ aheadMs: aheadS * SECOND });
    if (aheadS < 0)
      station.devices.reported(
        DEVICE,
        { state: 'online', time: MOVED - 60 * SECOND + station.aheadMs },
        MOVED - 60 * SECOND,
      );
    station.receiveUntil(MOVED - 5);
    station.at(MOVED + 5 + Math.max(0, ms));
    expect(station.receive([MOVED + ms])).toEqual([whose]);
    expect(station.faults).toEqual([]);
  }
});

test('a backlog that spans the move, in one array or in many messages, goes to each patient what is theirs', () => {
  for (const isArray of [true, false]) {
    const station = createStation();
    station.receiveUntil(MOVED - 20 * SECOND);
    station.devices.disconnected(DEVICE);
    station.at(MOVED + 45 * SECOND);
    const times = Array.from({ length: 60 }, (_, index) => MOVED - 20 * SECOND + index * SECOND);
    const expected = times.map((time) =>
      time < MOVED ? 'a/1 late' : time < MOVED + 15 * SECOND ? 'b/2 late' : 'b/2 live',
    );
    expect(isArray ? station.receive(times) : times.flatMap((time) => station.receive([time]))).toEqual(expected);
    expect(station.faults).toEqual([]);
  }
});

test('a device that comes with a clock that nobody knows, just after a move: what it may have measured before is nobody’s', () => {
  const station = createStation({ aheadMs: -600 * SECOND });
  station.at(MOVED + 20 * SECOND);
  expect(station.receive([MOVED + 19 * SECOND])).toEqual(['null/null late']);
  expect(station.faults).toMatchObject([{ reason: 'owner-unknown' }]);
  const ahead = createStation({ aheadMs: 600 * SECOND });
  ahead.at(MOVED + 20 * SECOND);
  expect(ahead.receive([MOVED + 19 * SECOND])).toEqual(['null/null late']);
  // Nobody came or went: there is nothing to mistake.
  const alone = createStation({ aheadMs: -600 * SECOND });
  alone.at(MOVED + 700 * SECOND);
  expect(alone.receive([MOVED + 699 * SECOND])).toEqual(['b/2 late']);
});

test('a clock that is put right around the move makes nobody’s what could be either’s', () => {
  const station = createStation({ aheadMs: 20 * SECOND });
  station.receiveUntil(MOVED);
  station.aheadMs = 0;
  station.at(MOVED + 8 * SECOND);
  expect(station.receive([MOVED + 8 * SECOND - 5])).toEqual(['null/null late']);
  station.at(MOVED + 45 * SECOND);
  expect(station.receive([MOVED + 45 * SECOND - 5])).toEqual(['b/2 live']);
});

test('a patient who comes to a bed where the device was before is not given what was measured before', () => {
  const registry = RegistryData.parse({
    ...REGISTRY,
    assignments: [{ device: DEVICE, bed: 'b', start: MOVED - 3_600_000, end: null }],
    encounters: [
      { id: 2, patient: 2, bed: 'b', start: MOVED, end: null },
      { id: 1, patient: 1, bed: 'b', start: MOVED - 3_600_000, end: MOVED - SECOND },
    ],
  });
  const station = createStation({ registry });
  station.receiveUntil(MOVED - 3 * SECOND);
  station.at(MOVED + 2 * SECOND);
  const times = [-2, -1, 0, 1].map((second) => MOVED + second * SECOND);
  expect(station.receive(times)).toEqual(['b/1 late', 'b/null late', 'b/2 live', 'b/2 live']);
});

test('a device that was moved away and back is not live with what it measured elsewhere, or before', () => {
  const registry = RegistryData.parse({
    ...REGISTRY,
    assignments: [
      { device: DEVICE, bed: 'a', start: MOVED + 4 * SECOND, end: null },
      { device: DEVICE, bed: 'b', start: MOVED, end: MOVED + 4 * SECOND },
      { device: DEVICE, bed: 'a', start: MOVED - 3_600_000, end: MOVED },
    ],
  });
  const station = createStation({ registry });
  station.receiveUntil(MOVED - SECOND);
  station.at(MOVED + 6 * SECOND);
  const times = [-1, 2, 5].map((second) => MOVED + second * SECOND);
  expect(station.receive(times)).toEqual(['a/1 late', 'b/2 late', 'a/1 live']);
});

test('a block of waves that spans the move is nobody’s', () => {
  const station = createStation();
  station.receiveUntil(MOVED);
  const waves = { channel: 'waves', lastsMs: SECOND } as const;
  station.at(MOVED + 700);
  expect(station.receive([MOVED - 400], waves)).toEqual(['null/null late']);
  station.at(MOVED + 1_100);
  expect(station.receive([MOVED - 1_500], waves)).toEqual(['a/1 late']);
  expect(station.receive([MOVED + 50], waves)).toEqual(['b/2 live']);
});

test('what has no time is measured when it arrives, and just after a move nobody’s, unless its link is younger than that', () => {
  const station = createStation();
  expect(station.receive([undefined])).toEqual(['a/1 live']);
  station.at(MOVED + 2 * SECOND);
  expect(station.receive([undefined])).toEqual(['null/null late']);
  station.at(MOVED + 6 * SECOND);
  expect(station.receive([undefined])).toEqual(['b/2 live']);
  const fresh = createStation();
  fresh.at(MOVED + SECOND);
  fresh.devices.connected(DEVICE);
  expect(fresh.receive([undefined])).toEqual(['b/2 live']);
});

test('what has no time and was retained or is sent again is nobody’s, and leaves a trace', () => {
  const station = createStation();
  station.receiveUntil(MOVED + 60 * SECOND);
  expect(station.receive([undefined], { isRepeat: true })).toEqual(['null/null late']);
  expect(station.faults.at(-1)).toMatchObject({ reason: 'time-unknown' });
});

test('what has no time and waited for the link is not live', () => {
  const station = createStation();
  station.at(MOVED + 60 * SECOND);
  station.devices.connected(DEVICE);
  station.receive([undefined]);
  station.devices.disconnected(DEVICE);
  station.at(MOVED + 600 * SECOND);
  station.devices.connected(DEVICE);
  expect(station.receive([undefined, undefined])).toEqual(['b/2 late', 'b/2 late']);
  station.at(MOVED + 606 * SECOND);
  expect(station.receive([undefined])).toEqual(['b/2 live']);
});

test('a repeat that has a time is live only when that is fresh, by whatever is known of the clock, and tells nothing of it', () => {
  const repeat = { isRepeat: true };
  const station = createStation();
  station.at(MOVED + 600 * SECOND);
  expect(station.receive([MOVED + 599 * SECOND], repeat)).toEqual(['b/2 live']);
  expect(station.receive([MOVED + 300 * SECOND], repeat)).toEqual(['b/2 late']);
  expect(station.devices.clockOf(DEVICE).offsetMs).toBeNull();
  // This message is from the future: the device's clock is ahead, by how much is not known.
  expect(station.receive([MOVED + 700 * SECOND], repeat)).toEqual(['null/null late']);
  const ahead = createStation({ aheadMs: 3_600 * SECOND });
  ahead.receiveUntil(MOVED + 3_000 * SECOND);
  expect(ahead.receive([MOVED + SECOND], repeat)).toEqual(['b/2 late']);
});

test('an array with the newest first says the same of the clock', () => {
  const station = createStation();
  for (let at = MOVED; at < MOVED + 60 * SECOND; at += 5 * SECOND) {
    station.at(at);
    station.receive([4, 3, 2, 1, 0].map((ago) => at - (4 - ago) * SECOND));
  }
  expect(station.devices.clockOf(DEVICE)).toMatchObject({ offsetMs: 0, isSteady: true });
});

test('a time that no date can have is refused', () => {
  const station = createStation();
  for (const time of [1e20, -1e20, 8.64e15 + 1]) {
    station.receive([time - station.aheadMs]);
  }
  expect(station.faults.map(({ reason }) => reason)).toEqual([
    'time-implausible',
    'time-implausible',
    'time-implausible',
  ]);
});
