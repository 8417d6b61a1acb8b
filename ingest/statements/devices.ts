import type { DatabaseClient } from '#platform/database.ts';
import type { DeviceRecord } from '../record.ts';

/** A row that is written anew counts as changed, though it is the same: then the registry is read again. */
const DEVICES = {
  name: 'write-devices',
  text: `
update devices set model = coalesce(reported.model, devices.model), firmware = coalesce(reported.firmware, devices.firmware)
from unnest($1::text[], $2::text[], $3::text[]) as reported(id, model, firmware)
where devices.id = reported.id
  and (coalesce(reported.model, devices.model), coalesce(reported.firmware, devices.firmware))
    is distinct from (devices.model, devices.firmware)`,
};

export const writeDevices = async (client: DatabaseClient, devices: readonly DeviceRecord[]): Promise<void> => {
  const latest = [...new Map(devices.map((record) => [record.device, record])).values()];
  await client.query({
    ...DEVICES,
    values: [
      latest.map((record) => record.device),
      latest.map((record) => record.model),
      latest.map((record) => record.firmware),
    ],
  });
};
