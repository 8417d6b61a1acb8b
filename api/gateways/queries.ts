import type { Gateway } from '#contracts/http/gateways.ts';
import { type Queryable, query } from '../database/query.ts';
import { conflict, notFound } from '../http/problems.ts';

const SELECT = `
  select gateways.id, gateways.unit_id as unit,
    array(select devices.id from devices where devices.gateway_id = gateways.id order by devices.id) as devices
  from gateways`;

export const listGateways = (database: Queryable, { unit }: { unit?: string | undefined }): Promise<Gateway[]> =>
  query(database, `${SELECT} where $1::text is null or gateways.unit_id = $1 order by gateways.id`, [unit ?? null]);

export const readGateway = async (database: Queryable, id: string): Promise<Gateway> => {
  const [gateway] = await query<Gateway>(database, `${SELECT} where gateways.id = $1`, [id]);
  if (!gateway) throw noGateway(id);
  return gateway;
};

export const createGateway = async (
  database: Queryable,
  { id, unit, secretHash }: { id: string; unit?: string | null | undefined; secretHash: Buffer },
): Promise<void> => {
  await query(database, 'insert into gateways (id, unit_id, secret_hash) values ($1, $2, $3)', [
    id,
    unit ?? null,
    secretHash,
  ]);
};

/** null: it serves several units. */
export const changeUnit = async (database: Queryable, id: string, unit: string | null): Promise<void> => {
  expectOne(id, await query(database, 'update gateways set unit_id = $2 where id = $1 returning id', [id, unit]));
};

/**
 * Lists these devices under the gateway, and no others. Rejects with a 404 for a device that there is not, and with a
 * 409 for one that is listed under another gateway: it would be cut off from that unseen.
 */
export const listDevicesUnder = async (database: Queryable, id: string, devices: readonly string[]): Promise<void> => {
  const rows = await query<{ id: string; gateway: string | null }>(
    database,
    'select id, gateway_id as gateway from devices where id = any($1) order by id for update',
    [devices],
  );
  const missing = devices.find((device) => !rows.some((row) => row.id === device));
  if (missing !== undefined) throw notFound(`there is no device ${missing}`);
  const taken = rows.find(({ gateway }) => gateway !== null && gateway !== id);
  if (taken) throw conflict(`device ${taken.id} is listed under gateway ${taken.gateway}: take it off that list first`);
  await query(
    database,
    `update devices set gateway_id = case when id = any($2) then $1 end
     where (gateway_id = $1) is distinct from (id = any($2)) and (gateway_id = $1 or id = any($2))`,
    [id, devices],
  );
};

export const changeGatewaySecret = async (database: Queryable, id: string, secretHash: Buffer): Promise<void> => {
  expectOne(
    id,
    await query(database, 'update gateways set secret_hash = $2 where id = $1 returning id', [id, secretHash]),
  );
};

/** Its devices stay, listed under none. */
export const removeGateway = async (database: Queryable, id: string): Promise<void> => {
  expectOne(id, await query(database, 'delete from gateways where id = $1 returning id', [id]));
};

const expectOne = (id: string, changed: readonly unknown[]): void => {
  if (changed.length === 0) throw noGateway(id);
};

const noGateway = (id: string) => notFound(`there is no gateway ${id}`);
