import { sleep } from '#platform/backoff.ts';
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
const COUNT_KEYS = Object.keys(NOTHING) as (keyof DeviceCounts)[];

type Progress = (done: number, total: number) => void;

/** Many devices of one ward or one replay: connected, counted, drained and stopped together. */
export const createCrew = ({
  mqttUrl,
  device: shared,
  faultsFor,
  onAcknowledged,
}: {
  mqttUrl: string;
  /** What all devices have in common. */
  device: Pick<DeviceClientOptions, 'format' | 'wavesQos' | 'maxBacklog'>;
  faultsFor?: (device: string) => Faults;
  onAcknowledged?: (device: string, outgoing: Outgoing) => void;
}) => {
  const clients = new Map<string, DeviceClient>();
  let lastError: Error | undefined;

  const online = () => [...clients.values()].filter((client) => client.state() === 'online').length;
  const backlog = () => [...clients.values()].reduce((sum, client) => sum + client.backlogSize(), 0);

  const add = ({ unit, device }: Place, secret: string) => {
    const faults = faultsFor?.(device.id);
    const client = createDeviceClient({
      ...shared,
      mqttUrl,
      unit: unit.id,
      device: device.id,
      secret,
      model: device.model,
      ...(faults ? { through: faults.through } : {}),
      ...(onAcknowledged ? { onAcknowledged: (outgoing: Outgoing) => onAcknowledged(device.id, outgoing) } : {}),
      onState: (_, error) => {
        lastError = error ?? lastError;
      },
    });
    faults?.attach(client);
    clients.set(device.id, client);
    return client;
  };

  return {
    client(device: string): DeviceClient {
      const client = clients.get(device);
      if (!client) throw new Error(`no such device: ${device}`);
      return client;
    },

    counts(): CrewCounts {
      const sum = { ...NOTHING };
      for (const client of clients.values()) {
        const counts = client.counts();
        for (const key of COUNT_KEYS) sum[key] += counts[key];
      }
      return { ...sum, online: online() };
    },

    /** Resolves when all devices are online. Throws a UserError when some could not connect in half a minute. */
    async connect(
      places: readonly Place[],
      secrets: ReadonlyMap<string, string>,
      { signal, onProgress }: { signal?: AbortSignal | undefined; onProgress?: Progress },
    ) {
      const waiting = places.map((place) => add(place, secrets.get(place.device.id) ?? ''));
      const deadline = performance.now() + CONNECT_TIMEOUT_MS + (places.length / STARTS_A_TICK) * TICK_MS;
      while (online() < places.length && !signal?.aborted) {
        for (const client of waiting.splice(0, STARTS_A_TICK)) client.start();
        if (performance.now() > deadline) {
          const reason = lastError?.message ? ` (${lastError.message})` : '';
          throw new UserError(`only ${online()} of ${places.length} devices could connect to ${mqttUrl}${reason}`);
        }
        await sleep(TICK_MS, signal);
        onProgress?.(online(), places.length);
      }
    },

    /** Resolves when everything is acknowledged, the time is over or the signal comes. */
    async drain({
      timeoutMs = Infinity,
      signal,
      onProgress,
    }: {
      timeoutMs?: number;
      signal?: AbortSignal | undefined;
      onProgress?: Progress;
    }) {
      const deadline = performance.now() + timeoutMs;
      const total = backlog();
      for (let left = total; left > 0 && performance.now() < deadline && !signal?.aborted; left = backlog()) {
        onProgress?.(total - left, total);
        await sleep(TICK_MS, signal);
      }
    },

    async stop() {
      await Promise.all([...clients.values()].map((client) => client.stop()));
    },
  };
};

export type Crew = ReturnType<typeof createCrew>;
