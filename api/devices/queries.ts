import type { PlacedDevice } from '#contracts/http/devices.ts';
import type { DeviceRole } from '#domain/sources/roles.ts';
import { type Queryable, query } from '../database/query.ts';
import { notFound } from '../http/problems.ts';

const SELECT = `
  select devices.id, devices.unit_id as unit, devices.role, devices.model, devices.firmware,
    devices.expected_interval_ms as "intervalMs", device_assignments.bed_id as bed
  from devices
  left join device_assignments on device_assignments.device_id = devices.id and device_assignments.ended_at is null`;

export const listDevices = (database: Queryable, { unit }: { unit?: string | undefined }): Promise<PlacedDevice[]> =>
  query(database, `${SELECT} where $1::text is null or devices.unit_id = $1 order by devices.id`, [unit ?? null]);

export const readDevice = async (database: Queryable, id: string): Promise<PlacedDevice> => {
  const [device] = await query<PlacedDevice>(database, `${SELECT} where devices.id = $1`, [id]);
  if (!device) throw noDevice(id);
  return device;
};

export const createDevice = async (
  database: Queryable,
  device: { id: string; unit: string; role: DeviceRole; model?: string | null | undefined; secretHash: Buffer },
): Promise<void> => {
  await query(database, 'insert into devices (id, unit_id, role, model, secret_hash) values ($1, $2, $3, $4, $5)', [
    device.id,
    device.unit,
    device.role,
    device.model ?? null,
    device.secretHash,
  ]);
};

/** What is undefined stays as it is. */
export const changeDevice = async (
  database: Queryable,
  id: string,
  {
    unit,
    role,
    model,
  }: { unit?: string | undefined; role?: DeviceRole | undefined; model?: string | null | undefined },
): Promise<void> => {
  const changed = await query(
    database,
    `update devices set unit_id = coalesce($2, unit_id), role = coalesce($3, role), model = case when $4 then $5 else model end
     where id = $1 returning id`,
    [id, unit ?? null, role ?? null, model !== undefined, model ?? null],
  );
  if (changed.length === 0) throw noDevice(id);
};

/** null: it sends continuously. */
export const changeDeviceInterval = async (
  database: Queryable,
  id: string,
  intervalMs: number | null,
): Promise<void> => {
  const changed = await query(database, 'update devices set expected_interval_ms = $2 where id = $1 returning id', [
    id,
    intervalMs,
  ]);
  if (changed.length === 0) throw noDevice(id);
};

export const changeDeviceSecret = async (database: Queryable, id: string, secretHash: Buffer): Promise<void> => {
  const changed = await query(database, 'update devices set secret_hash = $2 where id = $1 returning id', [
    id,
    secretHash,
  ]);
  if (changed.length === 0) throw noDevice(id);
};

const noDevice = (id: string) => notFound(`there is no device ${id}`);
