import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Review } from '#contracts/http/review.ts';
import type { AlarmDesk } from '#contracts/ports/alarm-desk.ts';
import type { Archive } from '#contracts/ports/archive.ts';
import type { DeviceWatch } from '#contracts/ports/device-watch.ts';
import type { GatewayPresences } from '#contracts/ports/gateway-presence.ts';
import type { Identities } from '#contracts/ports/identities.ts';
import type { RefusalRecord } from '#contracts/ports/refusal-record.ts';
import type { WardFeed } from '#contracts/ports/ward-feed.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database.ts';
import type { Logger } from '#platform/log.ts';
import type { RegistryWriter } from '../database/registry-writer.ts';
import type { SignIn } from '../session/sign-in.ts';

/** The app as a route sees it: the schemas of a route type its request and its answer. */
export type ApiApp = Parameters<FastifyPluginAsyncZod>[0];

/** What there is to answer with; each route picks what it needs. */
export type RouteDeps = {
  readonly database: Database;
  /** Writes of the registry, with their line in the audit log. */
  readonly write: RegistryWriter;
  readonly clock: Clock;
  readonly alarms: AlarmDesk;
  readonly feed: Pick<WardFeed, 'units'>;
  readonly refusals: RefusalRecord;
  readonly deviceWatch: DeviceWatch;
  /** Where the broker listens; `tlsPort` undefined: it has no certificate. */
  readonly mqttPorts: { readonly port: number; readonly tlsPort: number | undefined };
  readonly gateways: GatewayPresences;
  readonly archive: Archive;
  readonly review: Review;
  readonly identities: Identities;
  readonly log: Logger;
  readonly signIn: SignIn;
  /** Browsers reach the station by https: its cookie is for that alone. */
  readonly isSecure: boolean;
};
