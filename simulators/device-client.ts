import { Encoder } from 'cbor-x';
import type { StatusMessage, VitalInput, WaveInput } from '#contracts/mqtt/messages.ts';
import { buildTopic } from '#contracts/mqtt/topics.ts';
import { type Clock, systemClock } from '#platform/clock.ts';
import { createDeviceLink } from './device-link.ts';
import { createMustArrive } from './must-arrive.ts';
import type { Told } from './own-alarms.ts';

/** What a device measured at a moment (epoch milliseconds). Keys are anything the station understands. */
export type VitalsReading = { readonly time: number; readonly vitals: Readonly<Record<string, VitalInput>> };
export type WavesReading = { readonly time: number; readonly waves: Readonly<Record<string, WaveInput>> };

/** What a monitor says of its own alarms at a moment. */
export type AlarmsReport = { readonly time: number } & Told;

/** What numbers a message as it goes out, by channel, so that the station can see what is missing. */
type Stamp = { readonly boot: string; readonly seq: number };
export type VitalsOut = VitalsReading & Stamp;
export type WavesOut = WavesReading & Stamp;
export type AlarmsOut = AlarmsReport & Stamp;
export type Outgoing =
  | { readonly channel: 'vitals'; readonly message: VitalsOut }
  | { readonly channel: 'waves'; readonly message: WavesOut }
  | { readonly channel: 'alarms'; readonly message: AlarmsOut };

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
  /** At QoS 1 blocks are kept and sent again as vitals are. */
  readonly wavesQos?: 0 | 1;
  /** Messages kept while there is no link; the oldest go first. */
  readonly maxBacklog?: number;
  /** Names this run of the device; `seq` counts from 0 in each. */
  readonly boot?: string;
  readonly keepaliveSeconds?: number;
  readonly clock?: Clock;
  /** Faults between the device and its link; see faults.ts. */
  readonly through?: (deliver: Deliver) => Deliver;
  /** Called once for each message when the station has acknowledged it. */
  readonly onAcknowledged?: (outgoing: Outgoing) => void;
  readonly onDiscarded?: (outgoing: Outgoing) => void;
  readonly onState?: (state: LinkState, error?: Error) => void;
};

const MAX_BACKLOG = 3_600;
const KEEPALIVE_SECONDS = 10;

const cbor = new Encoder({ useRecords: false, mapsAsObjects: true });

const ENCODERS = {
  json: (value: unknown): Buffer => Buffer.from(JSON.stringify(value)),
  cbor: (value: unknown): Buffer => cbor.encode(value),
} as const;

const topicsOf = ({ unit, device }: DeviceClientOptions) => ({
  vitals: buildTopic({ unit, device, channel: 'vitals' }),
  waves: buildTopic({ unit, device, channel: 'waves' }),
  alarms: buildTopic({ unit, device, channel: 'alarms' }),
  status: buildTopic({ unit, device, channel: 'status' }),
});

type Transport = {
  readonly link: ReturnType<typeof createDeviceLink>;
  readonly topics: ReturnType<typeof topicsOf>;
  readonly encode: (value: unknown) => Buffer;
};

/** Sends messages of a channel as one packet: one as it is, several as a list. */
const createPublish =
  ({ link, topics, encode }: Transport) =>
  (channel: Outgoing['channel'], items: readonly Outgoing[], onAcknowledged: () => void): void => {
    const messages = items.map(({ message }) => message);
    link.publish(topics[channel], encode(messages.length === 1 ? messages[0] : messages), onAcknowledged);
  };

/** The link, and what the device is seen to be by it. */
const createConnection = (options: DeviceClientOptions, on: { online: () => void; detached: () => void }) => {
  const encode = ENCODERS[options.format ?? 'json'];
  const topics = topicsOf(options);
  let state: LinkState = 'stopped';
  let connects = 0;

  const setState = (next: LinkState, error?: Error): void => {
    if (next === state && !error) return;
    state = next;
    options.onState?.(next, error);
  };

  const link = createDeviceLink({
    mqttUrl: options.mqttUrl,
    device: options.device,
    secret: options.secret,
    keepaliveSeconds: options.keepaliveSeconds ?? KEEPALIVE_SECONDS,
    clock: options.clock ?? systemClock,
    statusTopic: topics.status,
    status: (state) => encode({ state, ...(options.model ? { model: options.model } : {}) } satisfies StatusMessage),
    onConnecting: (error) => setState('connecting', error),
    onOnline() {
      connects++;
      setState('online');
      on.online();
    },
    onDetached: on.detached,
  });

  return { transport: { link, topics, encode }, state: () => state, setState, connects: () => connects };
};

/** Each reading numbered, through the faults, and on its way by the guarantee that its channel has. */
const createOutput = (
  options: DeviceClientOptions,
  boot: string,
  { link, topics, encode }: Transport,
  keep: (outgoing: Outgoing) => void,
) => {
  const { wavesQos = 0 } = options;
  const nextSeq = { vitals: 0, waves: 0, alarms: 0 };
  const counts = { published: 0, wavesSent: 0, wavesSkipped: 0 };

  const sendOrSkip = (message: WavesOut): void => {
    if (!link.hasRoom()) counts.wavesSkipped++;
    else {
      counts.wavesSent++;
      link.publishOnce(topics.waves, encode(message));
    }
  };

  const deliver: Deliver = (outgoing) =>
    outgoing.channel === 'waves' && wavesQos === 0 ? sendOrSkip(outgoing.message) : keep(outgoing);
  const send = options.through?.(deliver) ?? deliver;

  return {
    counts,
    publishVitals(reading: VitalsReading): void {
      counts.published++;
      send({ channel: 'vitals', message: { ...reading, boot, seq: nextSeq.vitals++ } });
    },
    publishAlarms(report: AlarmsReport): void {
      counts.published++;
      send({ channel: 'alarms', message: { ...report, boot, seq: nextSeq.alarms++ } });
    },
    publishWaves(reading: WavesReading): void {
      if (wavesQos === 1) counts.published++;
      send({ channel: 'waves', message: { ...reading, boot, seq: nextSeq.waves++ } });
    },
  };
};

/**
 * A bedside device as the station sees it: its own MQTT connection and credentials, retained status and Will, QoS 1
 * for what must not be lost. What was not acknowledged is kept, oldest first, and goes out again after the link has
 * come back, many messages to a packet.
 */
export const createDeviceClient = (options: DeviceClientOptions) => {
  const { device, clock = systemClock } = options;
  const boot = options.boot ?? clock.now().toString(36);
  const { transport, state, setState, connects } = createConnection(options, {
    online: () => mustArrive.pump(),
    detached: () => mustArrive.sendAgain(),
  });
  const { link } = transport;
  const mustArrive = createMustArrive<Outgoing>({
    limit: options.maxBacklog ?? MAX_BACKLOG,
    isConnected: link.isConnected,
    publish: createPublish(transport),
    onAcknowledged: options.onAcknowledged,
    onDiscarded: options.onDiscarded,
  });
  const { counts, ...publishing } = createOutput(options, boot, transport, mustArrive.keep);

  return {
    device,
    boot,
    state,
    counts: (): DeviceCounts => ({
      ...counts,
      ...mustArrive.counts,
      connects: connects(),
      backlog: mustArrive.size(),
    }),
    backlogSize: mustArrive.size,
    ...publishing,

    /** Connects, and reconnects for as long as it is not stopped or cut. */
    start() {
      if (state() === 'stopped') link.open();
    },

    /** Pulls the plug: no DISCONNECT, so the Will is sent. The device goes on measuring. */
    cut() {
      if (state() === 'stopped' || state() === 'cut') return;
      link.cut();
      setState('cut');
    },

    /** Puts the plug back. */
    restore() {
      if (state() === 'cut') link.open();
    },

    /** Resolves once everything handed in is acknowledged or discarded. */
    drained: mustArrive.drained,

    /** Says goodbye: status offline, then DISCONNECT. What is still unacknowledged is given up. */
    async stop() {
      if (state() === 'stopped') return;
      setState('stopped');
      mustArrive.giveUp();
      await link.close();
    },
  };
};

export type DeviceClient = ReturnType<typeof createDeviceClient>;
