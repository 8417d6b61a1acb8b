import { z } from 'zod';
import { Id, NewId } from '#domain/id.ts';
import { Credentials } from './devices.ts';

/** A gateway is one connection that publishes for several devices: a bridge, an integration engine, a vendor's gateway. */

/** As many as one station has devices at most. */
const MAX_DEVICES = 1_000;

const Devices = z.array(Id).max(MAX_DEVICES).describe('the devices that it may publish for');

export const Gateway = z
  .object({ id: Id, unit: Id.nullable().describe('null: it serves several'), devices: Devices })
  .meta({ id: 'Gateway' });
export type Gateway = z.infer<typeof Gateway>;

/** A gateway as it is read, with whether it is there. Times are epoch milliseconds. */
export const PresentGateway = Gateway.extend({
  state: z.enum(['online', 'offline', 'unknown']).describe('unknown: not seen since the station started'),
  since: z.int().nullable().describe('when it connected, or was lost'),
  lastHeardAt: z.int().nullable().describe('when the last message came through it'),
}).meta({ id: 'PresentGateway' });
export type PresentGateway = z.infer<typeof PresentGateway>;

/** The answer to `POST /gateways`; the secret is returned once and never again. */
export const RegisteredGateway = Credentials.extend({ gateway: Gateway });

export const NewGateway = z.strictObject({
  id: NewId.refine((id) => id !== 'token', 'this is the MQTT user name of integrations'),
  unit: Id.nullable().optional(),
  devices: Devices.optional(),
});

/** Fields that are left out stay as they are. `devices` replaces the list. */
export const GatewayChange = z.strictObject({ unit: Id.nullable().optional(), devices: Devices.optional() });
