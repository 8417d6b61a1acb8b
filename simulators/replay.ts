import { sleep } from '#platform/backoff.ts';
import { type Clock, systemClock } from '#platform/clock.ts';
import { UserError } from '#platform/errors.ts';
import { type Crew, type CrewCounts, createCrew } from './crew.ts';
import type { DeviceClient, Outgoing } from './device-client.ts';
import { readRecording } from './formats/read-recording.ts';
import type { Frame, Recording, Span } from './formats/recording.ts';
import { WFDB } from './formats/wfdb/stretches.ts';
import { type Place, provision } from './provision.ts';
import { type Refusal, readRefusals } from './refusals.ts';

export type ReplayOptions = {
  readonly files: readonly string[];
  readonly stationUrl: string;
  readonly mqttUrl: string;
  /** A bearer token with the role operator. */
  readonly token: string;
  /** File seconds per real second, above 0. */
  readonly speed: number;
  /**
   * The moment of the files' time zero, epoch milliseconds; a value's time is this plus its time in the file. Left
   * out: up to speed 1 the first value is measured now; above, the longest file ends when its replay does, so that
   * no time is ever ahead of the clock.
   */
  readonly startTime?: number;
  readonly format?: 'json' | 'cbor';
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** Hears of the files and what becomes of their columns before anything is sent. */
  readonly onRead?: (recordings: readonly Recording[]) => void;
  readonly onProgress?: (progress: ReplayProgress) => void;
  readonly onAcknowledged?: (device: string, outgoing: Outgoing) => void;
};

export type ReplayProgress = {
  readonly phase: 'registering' | 'connecting' | 'replaying' | 'finishing';
  readonly done: number;
  readonly total: number;
  readonly counts: CrewCounts;
};

export type ReplaySummary = CrewCounts & {
  /** The moment of the files' time zero. */
  readonly startTime: number;
  readonly realSeconds: number;
  readonly files: readonly ({
    readonly device: string;
    readonly unit: string;
    readonly bed: string;
    /** How many messages were handed to the connection, and how many values or blocks of each signal. */
    readonly messages: number;
    readonly sent: Readonly<Record<string, number>>;
    /** What the station refused, by reason; undefined when it does not tell. */
    readonly refused: readonly Refusal[] | undefined;
    /**
     * Whether anything is stored, as far as the station tells: false when it refused all that was sent, or nothing was
     * sent.
     */
    readonly isStored: boolean;
  } & Pick<Recording, 'name' | 'format' | 'mapped' | 'skipped'>)[];
};

const UNIT = { id: 'replay', name: 'Recordings' } as const;
const TICK_MS = 20;
const PROGRESS_MS = 500;
/** A file waits when this many of its messages are not acknowledged: its backlog must never push a message out. */
const MAX_WAITING = 500;
const MARGIN_MS = 120_000;

/** File names may hold what a new id must not. */
const idFrom = (name: string): string =>
  name
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 64) || 'recording';

const placesOf = (recordings: readonly Recording[]): Place[] =>
  recordings.map(({ name, format }) => {
    const id = idFrom(name);
    return { unit: UNIT, bed: { id, label: name }, device: { id, model: `Replay of a ${format}`.slice(0, 128) } };
  });

/** One recording once: a WFDB record may be named by its header and its samples. */
export const readRecordings = (files: readonly string[]): Recording[] => {
  const recordings = new Map<string, Recording>();
  for (const file of files) {
    const recording = readRecording(file);
    const other = recordings.get(idFrom(recording.name));
    if (other && other.format !== WFDB) {
      throw new UserError(`two files are named ${recording.name}: each is to be a device of that name, rename one`);
    }
    recordings.set(idFrom(recording.name), recording);
  }
  return [...recordings.values()];
};

const mustHoldValues = ({ name, skipped, span }: Recording): void => {
  if (span) return;
  const why = skipped.map(({ from, why }) => `; ${from}: ${why}`).join('');
  throw new UserError(`${name} holds no values that can be sent${why}`);
};

/** These take a whole message, whatever is in it. */
const WHOLE = /^(time-|payload-|topic-|owner-|batch-)/;

const isAnyStored = (
  sent: Readonly<Record<string, number>>,
  messages: number,
  refused: readonly Refusal[],
): boolean => {
  const values = Object.values(sent).reduce((sum, count) => sum + count, 0);
  const lost = refused.reduce(
    (sum, { reason, count }) => sum + (WHOLE.test(reason) ? (count * values) / Math.max(1, messages) : count),
    0,
  );
  return lost < values;
};

const wholeSpan = (recordings: readonly Recording[]): Span => {
  const spans = recordings.flatMap(({ span }) => span ?? []);
  return {
    messages: spans.reduce((sum, { messages }) => sum + messages, 0),
    firstMs: Math.min(...spans.map(({ firstMs }) => firstMs)),
    lastMs: Math.max(...spans.map(({ lastMs }) => lastMs)),
  };
};

const startTimeFor = (speed: number, now: number, { firstMs, lastMs }: Span): number =>
  Math.round(speed <= 1 ? now - firstMs : now + (lastMs - firstMs) / speed - lastMs);

/** Sends what is due of one recording, but never more than its device can keep. */
const createPlayer = ({ frames }: Recording, client: DeviceClient, startTime: number) => {
  const coming = frames[Symbol.iterator]();
  let next = coming.next();
  let messages = 0;
  const sent: Record<string, number> = {};
  const send = ({ atMs, vitals, waves }: Frame): void => {
    const time = Math.round(startTime + atMs);
    if (vitals) client.publishVitals({ time, vitals });
    if (waves) client.publishWaves({ time, waves });
    for (const id of Object.keys({ ...vitals, ...waves })) sent[id] = (sent[id] ?? 0) + 1;
    messages += 1;
  };
  return {
    playUntil(fileMs: number): number {
      while (!next.done && next.value.atMs <= fileMs && client.backlogSize() < MAX_WAITING) {
        send(next.value);
        next = coming.next();
      }
      return messages;
    },
    /** How many messages were sent, and how many values or blocks of each signal. */
    played: () => ({ messages, sent }),
  };
};

type Player = ReturnType<typeof createPlayer>;

/** Resolves when all frames were sent at their moments, or the signal has come. */
const playAll = async (
  { speed, signal, clock = systemClock }: ReplayOptions,
  players: readonly Player[],
  { firstMs, realStart, total }: { firstMs: number; realStart: number; total: number },
  report: (done: number, total: number) => void,
): Promise<void> => {
  let reportAt = realStart;
  for (let done = 0; done < total && !signal?.aborted; ) {
    const now = clock.now();
    done = players.reduce((sum, player) => sum + player.playUntil(firstMs + speed * (now - realStart)), 0);
    if (now >= reportAt) {
      report(done, total);
      reportAt = now + PROGRESS_MS;
    }
    if (done < total) await sleep(TICK_MS, signal, clock);
  }
};

const summaryOf = (
  recordings: readonly Recording[],
  players: readonly Player[],
  refusals: ReadonlyMap<string, readonly Refusal[]> | undefined,
  isAnyAcknowledged: boolean,
): ReplaySummary['files'] =>
  recordings.map(({ name, format, mapped, skipped }, index) => {
    const id = idFrom(name);
    const { messages, sent } = players[index]?.played() ?? { messages: 0, sent: {} };
    const refused = refusals?.get(id);
    const isStored = isAnyAcknowledged && isAnyStored(sent, messages, refused ?? []);
    return { name, format, device: id, unit: UNIT.id, bed: id, messages, mapped, skipped, sent, refused, isStored };
  });

const hireCrew = ({ mqttUrl, format, onAcknowledged, clock }: ReplayOptions): Crew =>
  createCrew({
    mqttUrl,
    device: { wavesQos: 1, maxBacklog: Infinity, ...(format ? { format } : {}) },
    ...(onAcknowledged ? { onAcknowledged } : {}),
    ...(clock ? { clock } : {}),
  });

/**
 * Plays recordings to a station, each file as a device of its own in the unit `replay`, exactly the values and the
 * spacing of the file. Resolves when all is acknowledged or the signal has come. Throws a UserError for a file it
 * cannot read and when the station refuses or cannot be reached.
 */
export const replay = async (options: ReplayOptions): Promise<ReplaySummary> => {
  const { stationUrl, token, speed, signal, clock = systemClock, onProgress } = options;
  const recordings = readRecordings(options.files);
  options.onRead?.(recordings);
  recordings.forEach(mustHoldValues);
  const places = placesOf(recordings);
  const span = wholeSpan(recordings);
  const crew = hireCrew(options);
  const report = (phase: ReplayProgress['phase']) => (done: number, of: number) =>
    onProgress?.({ phase, done, total: of, counts: crew.counts() });

  const earliest = (options.startTime ?? clock.now() - span.lastMs) + span.firstMs;
  const since = earliest - MARGIN_MS;
  const secrets = await provision({ stationUrl, token, places, since, signal, onProgress: report('registering') });
  try {
    await crew.connect(places, secrets, { signal, onProgress: report('connecting') });
    const realStart = clock.now();
    const startTime = options.startTime ?? startTimeFor(speed, realStart, span);
    const players = recordings.map((recording) =>
      createPlayer(recording, crew.client(idFrom(recording.name)), startTime),
    );
    await playAll(options, players, { firstMs: span.firstMs, realStart, total: span.messages }, report('replaying'));
    await crew.drain({ signal, onProgress: report('finishing') });
    const devices = places.map(({ device }) => device.id);
    const refusals = await readRefusals({ stationUrl, token, devices, since: realStart, signal, clock });
    const counts = crew.counts();
    return {
      startTime,
      realSeconds: (clock.now() - realStart) / 1_000,
      ...counts,
      files: summaryOf(recordings, players, refusals, counts.acknowledged > 0),
    };
  } finally {
    await crew.stop();
  }
};
