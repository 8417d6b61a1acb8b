import { resolve } from 'node:path';
import { z } from 'zod';
import type { DescriptorShares } from './descriptors.ts';
import { UserError } from './errors.ts';

/**
 * The settings of a station: the only reader of the environment. Every fault is reported, all at once.
 * `.env.example` mirrors this table; a test keeps it so.
 */

const DURATION_UNITS = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const SIZE_UNITS = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const;

const quantity = <Units extends Record<string, number>>(units: Units, example: string) =>
  z.string().transform((text, context) => {
    const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z]+)$/.exec(text);
    const factor = units[match?.[2] ?? ''];
    if (!match || factor === undefined) {
      context.addIssue({
        code: 'custom',
        message: `expected a number with ${Object.keys(units).join(', ')}, as in ${example}`,
      });
      return z.NEVER;
    }
    return Number(match[1]) * factor;
  });

const duration = (fallback: string) => quantity(DURATION_UNITS, fallback).prefault(fallback);
const size = (fallback: string) => quantity(SIZE_UNITS, fallback).prefault(fallback);
const integer = (min: number, max: number, fallback: number) =>
  z
    .string()
    .regex(/^\d+$/, 'expected a whole number')
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .prefault(String(fallback));
const port = (fallback: number) => integer(0, 65_535, fallback);
const url = (...protocols: string[]) =>
  z
    .string()
    .refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
      message: `expected a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
    })
    .optional();

export const Environment = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  HTTP_PORT: port(8080),
  MQTT_PORT: port(1883),
  MQTTS_PORT: port(8883),
  TLS_CERT_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
  DATA_DIR: z.string().min(1).default('./data'),
  DATABASE_URL: url('postgres:', 'postgresql:'),
  MQTT_URL: url('mqtt:', 'mqtts:'),
  PUBLIC_URL: url('http:', 'https:'),
  LATE_AFTER: duration('30s'),
  CLOCK_TOLERANCE: duration('5s'),
  RETENTION_DAYS: integer(1, 36_500, 90),
  JOURNAL_MAX_BYTES: size('2GiB'),
  MQTT_MAX_PAYLOAD: size('1MiB'),
  MQTT_MAX_CONNECTIONS: integer(1, 1_000_000, 5_000),
  MQTT_MAX_HELD: size('256MiB'),
  MQTT_MAX_KEEPALIVE: duration('120s'),
  MQTT_MAX_SUBSCRIPTIONS: integer(1, 1_000_000, 1_000),
  HTTP_MAX_CONNECTIONS: integer(1, 1_000_000, 2_000),
  MAX_STRANGERS: integer(1, 1_000_000, 1_000),
  MAX_STRANGERS_PER_ADDRESS: integer(1, 1_000_000, 100),
  LIVE_TICK: duration('100ms'),
  LIVE_MAX_BUFFERED: size('8MiB'),
  LIVE_MAX_SCREENS_PER_NAME: integer(1, 1_000_000, 500),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

export type Config = {
  readonly host: string;
  readonly httpPort: number;
  readonly publicUrl: string | undefined;
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  readonly retentionDays: number;
  readonly logLevel: string;
  readonly mqtt: {
    readonly port: number;
    readonly tls: { readonly port: number; readonly certFile: string; readonly keyFile: string } | undefined;
    readonly maxPayloadBytes: number;
    readonly maxConnections: number;
    /** Bytes of messages that were received and are not acknowledged yet, over all devices. */
    readonly maxHeldBytes: number;
    readonly maxKeepaliveMs: number;
    /** Topics that one integration may hold. */
    readonly maxSubscriptions: number;
  };
  /** Connections that are signed in over HTTP. */
  readonly httpMaxConnections: number;
  /** Connections that are not signed in, over all listeners. */
  readonly strangers: { readonly maxStrangers: number; readonly maxOfOneAddress: number };
  readonly ingest: {
    readonly lateAfterMs: number;
    readonly clockToleranceMs: number;
    readonly journalMaxBytes: number;
  };
  readonly live: {
    readonly tickMs: number;
    readonly maxBufferedBytes: number;
    /** Screens that are signed in by the same name. */
    readonly maxScreensPerName: number;
  };
};

/** Throws a UserError that names every bad setting. */
export const parseConfig = (environment: Readonly<Record<string, string | undefined>>): Config => {
  // An empty variable is an unset one: that is what `NAME=` in an env file means to people.
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = Environment.safeParse(given);
  const faults = parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile } = given;
  if (!certFile !== !keyFile) faults.push('TLS_CERT_FILE, TLS_KEY_FILE: set both or neither');
  if (given.MQTT_URL) faults.push('MQTT_URL: an external broker is not supported yet, leave it unset');
  if (!parsed.success || faults.length > 0) {
    throw new UserError(`bad settings, see .env.example: ${faults.join('; ')}`);
  }
  const env = parsed.data;
  return {
    host: env.HOST,
    httpPort: env.HTTP_PORT,
    publicUrl: env.PUBLIC_URL?.replace(/\/$/, ''),
    dataDir: resolve(env.DATA_DIR),
    databaseUrl: env.DATABASE_URL,
    retentionDays: env.RETENTION_DAYS,
    logLevel: env.LOG_LEVEL,
    mqtt: {
      port: env.MQTT_PORT,
      tls: certFile && keyFile ? { port: env.MQTTS_PORT, certFile, keyFile } : undefined,
      maxPayloadBytes: env.MQTT_MAX_PAYLOAD,
      maxConnections: env.MQTT_MAX_CONNECTIONS,
      maxHeldBytes: env.MQTT_MAX_HELD,
      maxKeepaliveMs: env.MQTT_MAX_KEEPALIVE,
      maxSubscriptions: env.MQTT_MAX_SUBSCRIPTIONS,
    },
    httpMaxConnections: env.HTTP_MAX_CONNECTIONS,
    strangers: { maxStrangers: env.MAX_STRANGERS, maxOfOneAddress: env.MAX_STRANGERS_PER_ADDRESS },
    ingest: {
      lateAfterMs: env.LATE_AFTER,
      clockToleranceMs: env.CLOCK_TOLERANCE,
      journalMaxBytes: env.JOURNAL_MAX_BYTES,
    },
    live: {
      tickMs: env.LIVE_TICK,
      maxBufferedBytes: env.LIVE_MAX_BUFFERED,
      maxScreensPerName: env.LIVE_MAX_SCREENS_PER_NAME,
    },
  };
};

/** How many of each kind of peer may be connected, as far as the system allows. */
export const wishedShares = ({ strangers, mqtt, httpMaxConnections }: Config): DescriptorShares => ({
  strangers: strangers.maxStrangers,
  mqtt: mqtt.maxConnections,
  http: httpMaxConnections,
});
