import { sleep } from '#platform/backoff.ts';
import { type Clock, systemClock } from '#platform/clock.ts';
import { UserError } from '#platform/errors.ts';
import { createBed, type SimulatedBed } from './bed.ts';
import type { CompanionRole } from './companions.ts';
import { type Crew, type CrewCounts, createCrew } from './crew.ts';
import type { DeviceClient, Outgoing } from './device-client.ts';
import { anyFault, createFaults, type FaultCounts, type FaultRates, type Faults, sumFaults } from './faults.ts';
import { devicesOf, provision } from './provision.ts';
import { createRandom, type Random } from './random.ts';
import { createRoster, type RosterPlace } from './roster.ts';
import { MIXED_WARD, type ScenarioName } from './scenarios/scenarios.ts';

export type WardOptions = {
  readonly stationUrl: string;
  readonly mqttUrl: string;
  /** A bearer token with the role operator. */
  readonly token: string;
  readonly beds: number;
  readonly units: number;
  /** Device seconds per real second, at least 1. */
  readonly speed: number;
  readonly seed: number;
  /** Beds take these in turn; left out: a mixed ward. */
  readonly scenarios?: readonly ScenarioName[];
  readonly waves: boolean;
  /** Only this many beds, from the first, send waveforms. */
  readonly waveBeds?: number;
  readonly wavesQos?: 0 | 1;
  /** This many beds, from the first, also have a ventilator and an oximeter; left out: none. */
  readonly companionBeds?: number;
  readonly faults?: FaultRates;
  readonly format?: 'json' | 'cbor';
  /** Real time to run; left out: until the signal. */
  readonly durationMs?: number;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly onProgress?: (progress: WardProgress) => void;
  /** Hears of every message the station has acknowledged. */
  readonly onAcknowledged?: (device: string, outgoing: Outgoing) => void;
};

export type WardProgress = {
  readonly phase: 'registering' | 'connecting' | 'running' | 'finishing';
  readonly done: number;
  readonly total: number;
  readonly counts: CrewCounts;
  /** How far the beds are behind their timetable: more than a moment means that this machine is too slow. */
  readonly behindMs: number;
};

export type WardSummary = CrewCounts & {
  readonly beds: number;
  readonly units: number;
  readonly deviceSeconds: number;
  readonly realSeconds: number;
  readonly faults: FaultCounts;
};

const TICK_MS = 20;
const PROGRESS_MS = 1_000;
/**
 * At a speed above 1 without a duration the beds begin so long ago. When they reach the present they go on at speed 1.
 */
const HISTORY_MS = 24 * 3_600_000;
/** A tick makes at most this many device seconds at once, so that sockets are served in between. */
const MAX_STEPS_A_TICK = 2_000;
/** How long unacknowledged messages are waited for at the end, and when the ward is stopped early. */
const FINISH_MS = 10_000;
const STOP_MS = 3_000;

const bedOf = (place: RosterPlace, index: number, { seed, scenarios = MIXED_WARD, waves, waveBeds }: WardOptions) =>
  createBed({
    seed: Math.floor(createRandom(seed).fork(place.bed.id).next() * 2 ** 32),
    profile: place.profile,
    scenario: scenarios[index % scenarios.length] ?? 'stable',
    waves: waves && index < (waveBeds ?? Infinity),
    companions: place.companions.length > 0,
  });

/** How far the clock of a companion is off, and how unevenly it stamps what it sends. */
const CLOCK_OFF_MS = [-300, 300] as const;
const CLOCK_JITTER_MS = [-20, 20] as const;

/** The times of a device whose clock is its own. */
const createOwnTimes = (random: Random) => {
  const offMs = random.between(...CLOCK_OFF_MS);
  return (time: number): number => Math.round(time + offMs + random.between(...CLOCK_JITTER_MS));
};

type PlayedBed = {
  readonly bed: SimulatedBed;
  readonly client: DeviceClient;
  readonly companions: readonly {
    readonly role: CompanionRole;
    readonly client: DeviceClient;
    readonly timeOf: (time: number) => number;
  }[];
  readonly startTime: number;
};

const companionsAt = ({ companions }: RosterPlace, crew: Crew, seed: number): PlayedBed['companions'] =>
  companions.map(({ id, role }) => ({
    role,
    client: crew.client(id),
    timeOf: createOwnTimes(createRandom(seed).fork(`clock of ${id}`)),
  }));

/** The next second of a bed: measured, and sent by each of its devices. */
const playSecond = ({ bed, client, companions, startTime }: PlayedBed): void => {
  const second = bed.nextSecond();
  // The first second ends at the start time: nothing is ever measured in the future.
  const origin = startTime - 1_000;
  const time = origin + second.atMs;
  if (!second.isSilent) {
    client.publishVitals({ time, vitals: second.vitals });
    if (second.alarms) client.publishAlarms({ time, ...second.alarms });
    const { waves } = second;
    if (Object.keys(waves).length > 0) client.publishWaves({ time: origin + second.wavesFromMs, waves });
  }
  for (const { role, client, timeOf } of companions) {
    const vitals = second.companions[role];
    if (vitals) client.publishVitals({ time: timeOf(time), vitals });
  }
};

/**
 * The beds of a ward on one timer. All have the period of a second, each its own moment in it: step k is the next
 * second of bed k mod n and falls due at k/n seconds.
 *
 * Times of measurement: at speed 1 the present. At N a device second passes every 1/N s, so the beds begin in the
 * past: (N − 1) × duration ago, which has them end at the present, or a day ago when no duration is given.
 */
const playBeds = async (
  options: WardOptions,
  places: readonly RosterPlace[],
  crew: Crew,
  faults: readonly Faults[],
) => {
  const { speed, durationMs, signal, clock = systemClock, onProgress } = options;
  const realStart = clock.now();
  const startTime = realStart - (speed === 1 ? 0 : durationMs === undefined ? HISTORY_MS : (speed - 1) * durationMs);
  const beds = places.map((place, index): PlayedBed => {
    const phaseMs = Math.round((index * 1_000) / places.length);
    return {
      bed: bedOf(place, index, options),
      client: crew.client(place.device.id),
      companions: companionsAt(place, crew, options.seed),
      startTime: startTime + phaseMs,
    };
  });
  const deviceElapsedMs = (now: number) => Math.min(speed * (now - realStart), now - startTime);

  let steps = 0;
  const step = () => {
    const current = beds[steps % beds.length];
    steps++;
    if (current) playSecond(current);
  };

  let reportAt = realStart;
  while (!signal?.aborted) {
    const now = clock.now();
    const realMs = Math.min(now - realStart, durationMs ?? Infinity);
    const due = Math.floor((deviceElapsedMs(realStart + realMs) * beds.length) / 1_000);
    for (let made = 0; steps < due && made < MAX_STEPS_A_TICK; made++) step();
    for (const fault of faults) fault.tick();
    if (now >= reportAt) {
      reportAt = now + PROGRESS_MS;
      const behindMs = ((due - steps) / beds.length) * (1_000 / speed);
      const total = durationMs ?? realMs;
      onProgress?.({ phase: 'running', done: realMs, total, counts: crew.counts(), behindMs });
    }
    if (steps >= due && realMs === durationMs) break;
    await sleep(steps < due ? 0 : TICK_MS, signal, clock);
  }
  return { deviceSeconds: steps, realSeconds: (clock.now() - realStart) / 1_000 };
};

/**
 * Registers a ward at a station, connects its beds and plays them until the duration is over or the signal comes,
 * then waits for what is not yet acknowledged. Throws a UserError when the station refuses or cannot be reached.
 */
export const runWard = async (options: WardOptions): Promise<WardSummary> => {
  const { stationUrl, token, seed, signal, clock = systemClock, onProgress } = options;
  if (!(options.speed >= 1)) throw new UserError('a ward cannot run slower than life: give a speed of 1 or more');
  const { beds, units, companionBeds } = options;
  const places = createRoster({ beds, units, seed, today: clock.now(), companionBeds });
  const historyMs = options.speed === 1 ? 0 : (options.durationMs ?? HISTORY_MS) * options.speed;
  const rates = options.faults ?? {};
  const faults: Faults[] = [];
  const crew = createCrew({
    mqttUrl: options.mqttUrl,
    device: {
      ...(options.format ? { format: options.format } : {}),
      ...(options.wavesQos ? { wavesQos: options.wavesQos } : {}),
    },
    ...(options.clock ? { clock: options.clock } : {}),
    ...(options.onAcknowledged ? { onAcknowledged: options.onAcknowledged } : {}),
    ...(anyFault(rates)
      ? {
          faultsFor: (device: string) => {
            const fault = createFaults({ rates, random: createRandom(seed).fork(`faults of ${device}`), clock });
            faults.push(fault);
            return fault;
          },
        }
      : {}),
  });
  const report = (phase: WardProgress['phase']) => (done: number, total: number) =>
    onProgress?.({ phase, done, total, counts: crew.counts(), behindMs: 0 });

  const secrets = await provision({
    stationUrl,
    token,
    places,
    since: clock.now() - historyMs - 2_000,
    signal,
    onProgress: report('registering'),
  });
  try {
    const posts = places.flatMap((place) => devicesOf(place).map((device) => ({ ...place, device })));
    await crew.connect(posts, secrets, { signal, onProgress: report('connecting') });
    const played = await playBeds(options, places, crew, faults);
    for (const fault of faults) fault.settle();
    await crew.drain({ timeoutMs: signal?.aborted ? STOP_MS : FINISH_MS, onProgress: report('finishing') });
    return { beds, units, ...played, ...crew.counts(), faults: sumFaults(faults) };
  } finally {
    await crew.stop();
  }
};
