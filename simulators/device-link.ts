import { connect, type MqttClient } from 'mqtt';
import { backoffDelayMs } from '#platform/backoff.ts';
import type { Cancel, Clock } from '#platform/clock.ts';

const RECONNECT = { firstMs: 250, maxMs: 5_000 } as const;
const CONNECT_TIMEOUT_MS = 10_000;
/** A station that does not answer the goodbye is left without one. */
const GOODBYE_MS = 2_000;
const MAX_UNSENT_BYTES = 1 << 20;

export type DeviceLinkOptions = {
  readonly mqttUrl: string;
  readonly device: string;
  readonly secret: string;
  readonly keepaliveSeconds: number;
  readonly clock: Clock;
  /** Where the device says that it is there, and the payload that says so. The one for `offline` is also its Will. */
  readonly statusTopic: string;
  readonly status: (state: 'online' | 'offline') => Buffer;
  readonly onConnecting: (error?: Error) => void;
  readonly onOnline: () => void;
  /** What was published and is not acknowledged yet will not be: it has to be published again. */
  readonly onDetached: () => void;
};

/**
 * The connection of a device, made again whenever it breaks: one MQTT.js client for each, and not its own reconnect,
 * because what is resent, in what order and in what packets is the device's to decide.
 */
export const createDeviceLink = (options: DeviceLinkOptions) => {
  let client: MqttClient | undefined;
  let cancelRetry: Cancel | undefined;
  let attempt = 0;

  const detach = (): void => {
    const old = client;
    client = undefined;
    options.onDetached();
    old?.end(true);
  };

  const open = (): void => {
    options.onConnecting();
    const link = connectAs(options);
    client = link;
    link.on('error', (error) => link === client && options.onConnecting(error));
    link.on('close', () => link === client && reconnect());
    link.on('connect', () => {
      attempt = 0;
      link.publish(options.statusTopic, options.status('online'), { qos: 1, retain: true });
      options.onOnline();
    });
  };

  const reconnect = (): void => {
    detach();
    options.onConnecting();
    cancelRetry = options.clock.after(backoffDelayMs(RECONNECT, attempt++, Math.random), open);
  };

  return {
    open,
    isConnected: () => client?.connected ?? false,
    /** Publishes at QoS 1. `onAcknowledged` is not called when the connection breaks first. */
    publish(topic: string, payload: Buffer, onAcknowledged: () => void): void {
      const link = client;
      link?.publish(topic, payload, { qos: 1 }, (error) => !error && link === client && onAcknowledged());
    },
    /** Whether something sent once, at QoS 0, would go out soon. */
    hasRoom: () => client?.connected === true && client.stream.writableLength < MAX_UNSENT_BYTES,
    publishOnce(topic: string, payload: Buffer): void {
      client?.publish(topic, payload, { qos: 0 });
    },
    /** No DISCONNECT, so the Will is sent. */
    cut(): void {
      cancelRetry?.();
      detach();
    },
    /** Status offline, then DISCONNECT. Resolves when the connection is gone. */
    async close(): Promise<void> {
      cancelRetry?.();
      const link = client;
      client = undefined;
      if (link) await leave(link, options);
    },
  };
};

const connectAs = ({ mqttUrl, device, secret, keepaliveSeconds, statusTopic, status }: DeviceLinkOptions): MqttClient =>
  connect(mqttUrl, {
    clientId: device,
    username: device,
    password: secret,
    clean: true,
    reconnectPeriod: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepalive: keepaliveSeconds,
    queueQoSZero: false,
    will: { topic: statusTopic, payload: status('offline'), qos: 1, retain: true },
  });

const leave = (link: MqttClient, { clock, statusTopic, status }: DeviceLinkOptions): Promise<void> =>
  new Promise((resolve) => {
    if (!link.connected) {
      link.end(true);
      return resolve();
    }
    const cancelForce = clock.after(GOODBYE_MS, () => link.stream.destroy());
    link.once('close', () => {
      cancelForce();
      resolve();
    });
    link.publish(statusTopic, status('offline'), { qos: 1, retain: true }, () => link.end());
  });
