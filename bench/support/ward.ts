import { buildTopic, type Channel } from '#contracts/mqtt/topics.ts';
import { hashSecret, newSecret } from '#platform/secrets.ts';
import type { BenchDatabase } from './server.ts';

/** Beds with a device and a patient each, put into the database before the station starts: by the API it takes minutes. */
export type Ward = {
  readonly secret: string;
  readonly units: readonly string[];
  readonly bedIds: readonly string[];
  readonly publishers: (channel: Channel) => { readonly device: string; readonly topic: string }[];
};

const BEDS_A_UNIT = 100;

export const createWard = async (database: BenchDatabase, bedCount: number): Promise<Ward> => {
  const secret = newSecret();
  const beds = Array.from({ length: bedCount }, (_, index) => {
    const unit = `unit-${String(Math.floor(index / BEDS_A_UNIT)).padStart(2, '0')}`;
    const name = String(index).padStart(4, '0');
    return { unit, bed: `bed-${name}`, device: `monitor-${name}` };
  });
  const units = [...new Set(beds.map(({ unit }) => unit))];
  await database.query('insert into units (id, name) select id, id from unnest($1::text[]) as unit(id)', [units]);
  const columns = [beds.map(({ unit }) => unit), beds.map(({ bed }) => bed), beds.map(({ device }) => device)];
  const place = 'unnest($1::text[], $2::text[], $3::text[]) as place(unit, bed, device)';
  await database.query(
    `with place as (select * from ${place}),
     new_beds as (insert into beds (id, unit_id, label) select bed, unit, bed from place),
     new_devices as (insert into devices (id, unit_id, secret_hash) select device, unit, $4 from place)
     insert into patients (mrn, name) select bed, 'Patient of ' || bed from place`,
    [...columns, hashSecret(secret)],
  );
  await database.query(
    `with place as (select * from ${place}),
     stays as (
       insert into encounters (patient_id, bed_id, started_at)
       select patients.id, bed, now() - interval '1 hour' from place join patients on patients.mrn = bed
     )
     insert into device_assignments (device_id, bed_id, started_at)
     select device, bed, now() - interval '1 hour' from place`,
    columns,
  );
  return {
    secret,
    units,
    bedIds: beds.map(({ bed }) => bed),
    publishers: (channel) => beds.map(({ unit, device }) => ({ device, topic: buildTopic({ unit, device, channel }) })),
  };
};
