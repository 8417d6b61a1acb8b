import { sleep } from '#platform/backoff.ts';
import { type Clock, systemClock } from '#platform/clock.ts';
import { UserError } from '#platform/errors.ts';
import {
  createDeviceClient,
  type DeviceClient,
  type DeviceClientOptions,
  type DeviceCounts,
  type Outgoing,
} from './device-client.ts';
import type { Faults } from './faults.ts';
import type { Place } from './provision.ts';
import { keysOf } from './records.ts';

/** The sum over all devices. */
export type CrewCounts = DeviceCounts & { readonly online: number };

/** New connections a tick, so that a thousand devices do not call in the same instant. */
const STARTS_A_TICK = 20;
const TICK_MS = 25;
const CONNECT_TIMEOUT_MS = 30_000;

const NOTHING: DeviceCounts = {
  published: 0,
  acknowledged: 0,
  resent: 0,
  discarded: 0,
  wavesSent: 0,
  wavesSkipped: 0,
  connects: 0,
  backlog: 0,
};
const COUNT_KEYS = keysOf(NOTHING);

type Progress = (done: number, total: number) => void;
type Waiting = { readonly signal?: AbortSignal | undefined; readonly onProgress?: Progress };

export type CrewOptions = {
  readonly mqttUrl: string;
  /** What all devices have in common. */
  readonly device: Pick<DeviceClientOptions, 'format' | 'wavesQos' | 'maxBacklog'>;
  readonly faultsFor?: (device: string) => Faults;
  readonly onAcknowledged?: (device: string, outgoing: Outgoing) => void;
  readonly clock?: Clock;
};

const onlineOf = (clients: ReadonlyMap<string, DeviceClient>): number =>
  [...clients.values()].filter((client) => client.state() === 'online').length;

const backlogOf = (clients: ReadonlyMap<string, DeviceClient>): number =>
  [...clients.values()].reduce((sum, client) => sum + client.backlogSize(), 0);

const countsOf = (clients: ReadonlyMap<string, DeviceClient>): CrewCounts => {
  const sum = { ...NOTHING };
  for (const client of clients.values()) {
    const counts = client.counts();
    for (const key of COUNT_KEYS) sum[key] += counts[key];
  }
  return { ...sum, online: onlineOf(clients) };
};

/** Makes the devices and remembers why the last of them could not connect. */
const createRecruiter = ({ mqttUrl, device: shared, faultsFor, onAcknowledged, clock }: CrewOptions) => {
  let lastError: Error | undefined;
  return {
    lastError: () => lastError,
    recruit({ unit, device }: Place, secret: string): DeviceClient {
      const faults = faultsFor?.(device.id);
      const client = createDeviceClient({
        ...shared,
        mqttUrl,
        unit: unit.id,
        device: device.id,
        secret,
        model: device.model,
        ...(clock ? { clock } : {}),
        ...(faults ? { through: faults.through } : {}),
        ...(onAcknowledged ? { onAcknowledged: (outgoing: Outgoing) => onAcknowledged(device.id, outgoing) } : {}),
        onState: (_, error) => {
          lastError = error ?? lastError;
        },
      });
      faults?.attach(client);
      return client;
    },
  };
};

/** Many devices of one ward or one replay: connected, counted, drained and stopped together. */
export const createCrew = (options: CrewOptions) => {
  const { mqttUrl, clock = systemClock } = options;
  const clients = new Map<string, DeviceClient>();
  const recruiter = createRecruiter(options);

  const hire = (place: Place, secret: string): DeviceClient => {
    const client = recruiter.recruit(place, secret);
    clients.set(place.device.id, client);
    return client;
  };

  return {
    client(device: string): DeviceClient {
      const client = clients.get(device);
      if (!client) throw new Error(`no such device: ${device}`);
      return client;
    },

    counts: (): CrewCounts => countsOf(clients),

    /** Resolves when all devices are online. Throws a UserError when some could not connect in half a minute. */
    async connect(places: readonly Place[], secrets: ReadonlyMap<string, string>, { signal, onProgress }: Waiting) {
      const waiting = places.map((place) => hire(place, secrets.get(place.device.id) ?? ''));
      const deadlineMs = clock.elapsed() + CONNECT_TIMEOUT_MS + (places.length / STARTS_A_TICK) * TICK_MS;
      while (onlineOf(clients) < places.length && !signal?.aborted) {
        for (const client of waiting.splice(0, STARTS_A_TICK)) client.start();
        if (clock.elapsed() > deadlineMs) {
          const reason = recruiter.lastError()?.message;
          throw new UserError(
            `only ${onlineOf(clients)} of ${places.length} devices could connect to ${mqttUrl}${reason ? ` (${reason})` : ''}`,
          );
        }
        await sleep(TICK_MS, signal, clock);
        onProgress?.(onlineOf(clients), places.length);
      }
    },

    /** Resolves when everything is acknowledged, the time is over or the signal comes. */
    async drain({ timeoutMs = Infinity, signal, onProgress }: Waiting & { readonly timeoutMs?: number }) {
      const deadlineMs = clock.elapsed() + timeoutMs;
      const total = backlogOf(clients);
      for (let left = total; left > 0 && clock.elapsed() < deadlineMs && !signal?.aborted; left = backlogOf(clients)) {
        onProgress?.(total - left, total);
        await sleep(TICK_MS, signal, clock);
      }
    },

    async stop() {
      await Promise.all([...clients.values()].map((client) => client.stop()));
    },
  };
};

export type Crew = ReturnType<typeof createCrew>;
