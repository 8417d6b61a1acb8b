import { Encoder } from 'cbor-x';
import { connect, type MqttClient } from 'mqtt';
import type { StatusMessage, VitalInput, WaveInput } from '#contracts/mqtt/messages.ts';
import { buildTopic } from '#contracts/mqtt/topics.ts';
import { backoffDelayMs } from '#platform/backoff.ts';
import { createBacklog } from './backlog.ts';

/** What a device measured at a moment (epoch milliseconds). Keys are anything the station understands. */
export type VitalsReading = { readonly time: number; readonly vitals: Readonly<Record<string, VitalInput>> };
export type WavesReading = { readonly time: number; readonly waves: Readonly<Record<string, WaveInput>> };

/** As it goes out: counted by channel, so that the station can see what is missing. */
type Stamp = { readonly boot: string; readonly seq: number };
export type VitalsOut = VitalsReading & Stamp;
export type WavesOut = WavesReading & Stamp;
export type Outgoing =
  | { readonly channel: 'vitals'; readonly message: VitalsOut }
  | { readonly channel: 'waves'; readonly message: WavesOut };

/** Takes a message on its way out. Faults are put in between as a function from one to another. */
export type Deliver = (outgoing: Outgoing) => void;

export type LinkState = 'stopped' | 'connecting' | 'online' | 'cut';

export type DeviceCounts = {
  /** Messages measured to be sent at QoS 1, whatever became of them. */
  readonly published: number;
  readonly acknowledged: number;
  /** Sent again because the link broke before the acknowledgement. */
  readonly resent: number;
  /** Pushed out of a full backlog, never acknowledged. */
  readonly discarded: number;
  /** Waveform blocks at QoS 0, sent and left out while there was no link. */
  readonly wavesSent: number;
  readonly wavesSkipped: number;
  readonly connects: number;
  /** Waiting for the link or for an acknowledgement. */
  readonly backlog: number;
};

export type DeviceClientOptions = {
  readonly mqttUrl: string;
  readonly unit: string;
  readonly device: string;
  readonly secret: string;
  readonly model?: string;
  readonly format?: 'json' | 'cbor';
  /** At 1 blocks are kept and resent as vitals are. */
  readonly wavesQos?: 0 | 1;
  /** Messages kept while there is no link; the oldest go first. */
  readonly maxBacklog?: number;
  /** Names this run of the device; `seq` counts from 0 in each. */
  readonly boot?: string;
  readonly keepaliveSeconds?: number;
  /** Faults between the device and its link; see faults.ts. */
  readonly through?: (deliver: Deliver) => Deliver;
  /** Called once for each message when the station has acknowledged it. */
  readonly onAcknowledged?: (outgoing: Outgoing) => void;
  readonly onDiscarded?: (outgoing: Outgoing) => void;
  readonly onState?: (state: LinkState, error?: Error) => void;
};

const MAX_BACKLOG = 3_600;
/** PUBLISH packets without PUBACK; a monitor that sends once a second needs few. */
const MAX_IN_FLIGHT = 16;
const MAX_WAVE_BUFFER_BYTES = 1 << 20;
const RECONNECT = { firstMs: 250, maxMs: 5_000 } as const;
const CONNECT_TIMEOUT_MS = 10_000;
/** A station that does not answer the goodbye is left without one. */
const GOODBYE_MS = 2_000;

const cbor = new Encoder({ useRecords: false, mapsAsObjects: true });

/**
 * A bedside device as the station sees it: its own MQTT connection and credentials, retained status and Will, QoS 1
 * for what must not be lost. What was not acknowledged is kept, oldest first, and goes out again after the link has
 * come back, many messages to a packet.
 *
 * One MQTT.js client per connection, not its own reconnect: what is resent, in what order and in what packets is
 * the device's to decide.
 */
export const createDeviceClient = (options: DeviceClientOptions) => {
  const { unit, device, format = 'json', wavesQos = 0 } = options;
  const boot = options.boot ?? Date.now().toString(36);
  const topics = {
    vitals: buildTopic({ unit, device, channel: 'vitals' }),
    waves: buildTopic({ unit, device, channel: 'waves' }),
    status: buildTopic({ unit, device, channel: 'status' }),
  };
  const backlog = createBacklog<Outgoing>({ limit: options.maxBacklog ?? MAX_BACKLOG });
  const nextSeq = { vitals: 0, waves: 0 };
  const counts = { published: 0, acknowledged: 0, resent: 0, discarded: 0, wavesSent: 0, wavesSkipped: 0, connects: 0 };

  let state: LinkState = 'stopped';
  let client: MqttClient | undefined;
  let retry: NodeJS.Timeout | undefined;
  let attempt = 0;
  let onDrained: (() => void)[] = [];

  const encode = (value: unknown): Buffer =>
    format === 'cbor' ? cbor.encode(value) : Buffer.from(JSON.stringify(value));
  const status = (online: StatusMessage['state']): Buffer =>
    encode({ state: online, ...(options.model ? { model: options.model } : {}) } satisfies StatusMessage);

  const setState = (next: LinkState, error?: Error) => {
    if (next === state && !error) return;
    state = next;
    options.onState?.(next, error);
  };

  const acknowledge = (batch: Outgoing[]) => {
    counts.acknowledged += batch.length;
    for (const outgoing of batch) options.onAcknowledged?.(outgoing);
    if (backlog.size() === 0) for (const resolve of onDrained.splice(0)) resolve();
  };

  const pump = () => {
    const link = client;
    while (link?.connected && backlog.batchesInFlight() < MAX_IN_FLIGHT) {
      const batch = backlog.take();
      const first = batch?.items[0];
      if (!batch || !first) return;
      const messages = batch.items.map(({ message }) => message);
      const payload = encode(messages.length === 1 ? messages[0] : messages);
      link.publish(topics[first.channel], payload, { qos: 1 }, (error) => {
        // After a break the batch is back in the backlog; a late callback of the old link says nothing.
        if (error || link !== client) return;
        backlog.settle(batch);
        acknowledge(batch.items);
        pump();
      });
    }
  };

  const detach = () => {
    const link = client;
    client = undefined;
    counts.resent += backlog.restore();
    link?.end(true);
  };

  const open = () => {
    retry = undefined;
    setState('connecting');
    const link = connect(options.mqttUrl, {
      clientId: device,
      username: device,
      password: options.secret,
      clean: true,
      reconnectPeriod: 0,
      connectTimeout: CONNECT_TIMEOUT_MS,
      keepalive: options.keepaliveSeconds ?? 10,
      queueQoSZero: false,
      will: { topic: topics.status, payload: status('offline'), qos: 1, retain: true },
    });
    client = link;
    link.on('error', (error) => link === client && setState('connecting', error));
    link.on('close', () => link === client && reconnect());
    link.on('connect', () => {
      attempt = 0;
      counts.connects++;
      link.publish(topics.status, status('online'), { qos: 1, retain: true });
      setState('online');
      pump();
    });
  };

  const reconnect = () => {
    detach();
    setState('connecting');
    retry = setTimeout(open, backoffDelayMs(RECONNECT, attempt++, Math.random));
  };

  const keep = (outgoing: Outgoing) => {
    const pushedOut = backlog.push(outgoing);
    if (pushedOut) {
      counts.discarded++;
      options.onDiscarded?.(pushedOut);
    }
    pump();
  };

  const sendOrSkip = (message: WavesOut) => {
    const room = client?.connected && client.stream.writableLength < MAX_WAVE_BUFFER_BYTES;
    if (!room) counts.wavesSkipped++;
    else {
      counts.wavesSent++;
      client?.publish(topics.waves, encode(message), { qos: 0 });
    }
  };

  const deliver: Deliver = (outgoing) =>
    outgoing.channel === 'waves' && wavesQos === 0 ? sendOrSkip(outgoing.message) : keep(outgoing);
  const send = options.through?.(deliver) ?? deliver;

  return {
    device,
    boot,
    state: () => state,
    counts: (): DeviceCounts => ({ ...counts, backlog: backlog.size() }),
    backlogSize: () => backlog.size(),

    /** Connects, and reconnects for as long as it is not stopped or cut. */
    start() {
      if (state === 'stopped') open();
    },

    publishVitals(reading: VitalsReading) {
      counts.published++;
      send({ channel: 'vitals', message: { ...reading, boot, seq: nextSeq.vitals++ } });
    },

    publishWaves(reading: WavesReading) {
      if (wavesQos === 1) counts.published++;
      send({ channel: 'waves', message: { ...reading, boot, seq: nextSeq.waves++ } });
    },

    /** Pulls the plug: no DISCONNECT, so the Will is sent. The device goes on measuring. */
    cut() {
      if (state === 'stopped' || state === 'cut') return;
      clearTimeout(retry);
      detach();
      setState('cut');
    },

    /** Puts the plug back. */
    restore() {
      if (state === 'cut') open();
    },

    /** Resolves once everything handed in is acknowledged or discarded. */
    drained: (): Promise<void> =>
      backlog.size() === 0 ? Promise.resolve() : new Promise((resolve) => onDrained.push(resolve)),

    /** Says goodbye: status offline, then DISCONNECT. What is still unacknowledged is given up. */
    async stop() {
      if (state === 'stopped') return;
      clearTimeout(retry);
      const link = client;
      client = undefined;
      setState('stopped');
      onDrained = [];
      if (!link) return;
      if (!link.connected) return void link.end(true);
      await new Promise<void>((resolve) => {
        const force = setTimeout(() => link.stream.destroy(), GOODBYE_MS);
        link.once('close', () => {
          clearTimeout(force);
          resolve();
        });
        link.publish(topics.status, status('offline'), { qos: 1, retain: true }, () => link.end());
      });
    },
  };
};

export type DeviceClient = ReturnType<typeof createDeviceClient>;
