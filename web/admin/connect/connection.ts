import { buildTopic } from '#contracts/mqtt/topics.ts';

/** How one device reaches the station. `secret` undefined: it was shown once, and nobody has it any more. */
export type Connection = {
  readonly host: string;
  readonly port: number;
  readonly device: string;
  readonly unit: string;
  readonly secret: string | undefined;
};

/** Of the format that docs/connecting.md describes: who reads it goes by this number. */
const FORMAT = 1;

const MQTT_PORT = 1883;

export const urlOf = ({ host, port }: Pick<Connection, 'host' | 'port'>): string => `mqtt://${host}:${port}`;

export const topicOf = ({ unit, device }: Pick<Connection, 'unit' | 'device'>): string =>
  buildTopic({ unit, device, channel: 'vitals' });

/** What a QR code says. */
export const connectionJson = (connection: Connection): string => {
  const { unit, device, secret = '' } = connection;
  return JSON.stringify({
    wardwatch: FORMAT,
    url: urlOf(connection),
    username: device,
    password: secret,
    topic: `ward/v1/${unit}/${device}`,
  });
};

/** What a person typed as `host` or `host:port`; undefined while it is neither. An IPv6 address stands in brackets. */
export const readAddress = (typed: string): Pick<Connection, 'host' | 'port'> | undefined => {
  const [, host = '', port = ''] =
    /^(?:mqtt:\/\/)?(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/.exec(typed.trim()) ?? [];
  const number = port === '' ? MQTT_PORT : Number(port);
  return host === '' || number < 1 || number > 65_535 ? undefined : { host, port: number };
};

/** A device elsewhere does not reach this machine by such a name. */
export const isLoopback = (host: string): boolean => /^(localhost|127\.[\d.]+|\[::1\])$/.test(host);
