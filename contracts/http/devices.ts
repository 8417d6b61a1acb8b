import { z } from 'zod';
import { Id, NewId } from '#domain/id.ts';
import { MAX_INTERVAL_MS, MIN_INTERVAL_MS } from '#domain/interval.ts';
import { DEFAULT_ROLE, DeviceRole } from '#domain/sources/roles.ts';

export const Device = z
  .object({
    id: Id,
    unit: Id,
    /** What it is for at a bed: decides which device a vital comes from where several measure it. */
    role: DeviceRole,
    model: z.string().max(128).nullable(),
    firmware: z.string().max(128).nullable(),
    /** How far apart its messages are expected to be; null: it sends continuously. */
    intervalMs: z.int().min(MIN_INTERVAL_MS).max(MAX_INTERVAL_MS).nullable(),
  })
  .meta({ id: 'Device' });
export type Device = z.infer<typeof Device>;

/** A device as the API returns it, with the bed it is at. */
export const PlacedDevice = Device.extend({ bed: Id.nullable().describe('where it is now') }).meta({
  id: 'PlacedDevice',
});
export type PlacedDevice = z.infer<typeof PlacedDevice>;

/**
 * The credentials with which a device signs in to MQTT. The secret is returned once and never again, because only its
 * hash is kept.
 */
export const Credentials = z.object({ username: Id, secret: z.string() }).meta({ id: 'Credentials' });
export type Credentials = z.infer<typeof Credentials>;

/** The answer to `POST /devices`. */
export const RegisteredDevice = Credentials.extend({ device: PlacedDevice });

const Model = Device.shape.model.optional();

export const NewDevice = z.strictObject({
  id: NewId.refine((id) => id !== 'token', 'this is the MQTT user name of integrations'),
  unit: Id,
  bed: Id.optional(),
  role: DeviceRole.default(DEFAULT_ROLE),
  model: Model,
});

/** Fields that are left out stay as they are. */
export const DeviceChange = z.strictObject({ unit: Id.optional(), role: DeviceRole.optional(), model: Model });

export const DeviceInterval = z.strictObject({ intervalMs: Device.shape.intervalMs });
