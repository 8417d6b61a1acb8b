import type { DatabaseClient } from '#platform/database.ts';
import { pgArray } from '#platform/pg-arrays.ts';
import type { Gap, Stream } from './gaps.ts';
import type { DeviceRecord } from './record.ts';
import type { Rows, VitalColumns, WaveRow } from './rows.ts';

/**
 * One statement a table and batch. Each may be run again with the same rows and changes nothing: the key decides, and
 * a later message with the same key and another value is a correction. `unnest` with binary arrays took
 * about 180,000 rows/s on one connection of the embedded server (npm run bench).
 */

const READINGS =
  'unnest($1::timestamptz[], $2::timestamptz[], $3::float8[], $4::int4[], $5::int2[], $6::bool[]) with ordinality';

// In the order of the index: measured, 10 to 30 % less work for the database than in the order of arrival.
const NEW_VITALS = {
  name: 'write-new-vitals',
  text: `
insert into vitals (time, received_at, value, series_id, quality, late)
select time, received_at, value, series_id, quality, late
from ${READINGS} as sent(time, received_at, value, series_id, quality, late, place)
order by series_id, time, place
on conflict do nothing`,
};

// The last of each key: a statement may touch a row only once.
const KNOWN_VITALS = {
  name: 'write-known-vitals',
  text: `
with written as (
  insert into vitals (time, received_at, value, series_id, quality, late)
  select distinct on (series_id, time) time, received_at, value, series_id, quality, late
  from ${READINGS} as sent(time, received_at, value, series_id, quality, late, place)
  order by series_id, time, place desc
  on conflict (series_id, time) do update
  set value = excluded.value, quality = excluded.quality, received_at = excluded.received_at, late = excluded.late
  where (vitals.value, vitals.quality) is distinct from (excluded.value, excluded.quality)
  returning 1
)
select count(*)::int as corrected from written`,
};

export type Written = { readonly written: number; readonly corrected: number };

/** Nearly always all is new, and the first statement is cheap; only when some was there already are they compared. */
export const writeVitals = async (client: DatabaseClient, columns: VitalColumns): Promise<Written> => {
  if (columns.time.length === 0) return { written: 0, corrected: 0 };
  const values = [
    pgArray.timestamptz(columns.time),
    pgArray.timestamptz(columns.receivedAt),
    pgArray.float8(columns.value),
    pgArray.int4(columns.seriesId),
    pgArray.int2(columns.quality),
    pgArray.bool(columns.late),
  ];
  const { rowCount } = await client.query({ ...NEW_VITALS, values });
  const added = rowCount ?? 0;
  if (added === columns.time.length) return { written: added, corrected: 0 };
  const { rows } = await client.query<{ corrected: number }>({ ...KNOWN_VITALS, values });
  const corrected = rows[0]?.corrected ?? 0;
  return { written: added + corrected, corrected };
};

// One array of samples a row cannot be an element of unnest (arrays of arrays are rectangular), so each block is a
// slice of one long array.
const WAVES = {
  name: 'write-waves',
  text: `
insert into waves (time, received_at, series_id, rate, late, samples)
select distinct on (series_id, time) time, received_at, series_id, rate, late, ($1::float4[])[first:last]
from unnest($2::timestamptz[], $3::timestamptz[], $4::int4[], $5::float4[], $6::bool[], $7::int4[], $8::int4[])
  with ordinality as block(time, received_at, series_id, rate, late, first, last, place)
order by series_id, time, place desc
on conflict (series_id, time) do update
set samples = excluded.samples, rate = excluded.rate, received_at = excluded.received_at, late = excluded.late
where (waves.samples, waves.rate) is distinct from (excluded.samples, excluded.rate)`,
};

export const writeWaves = async (client: DatabaseClient, waves: readonly WaveRow[]): Promise<void> => {
  const samples: number[] = [];
  const first: number[] = [];
  const last: number[] = [];
  for (const wave of waves) {
    first.push(samples.length + 1);
    for (let index = 0; index < wave.samples.length; index++) samples.push(wave.samples[index] ?? Number.NaN);
    last.push(samples.length);
  }
  await client.query({
    ...WAVES,
    values: [
      pgArray.float4(samples),
      pgArray.timestamptz(waves.map((wave) => wave.time)),
      pgArray.timestamptz(waves.map((wave) => wave.receivedAt)),
      pgArray.int4(waves.map((wave) => wave.seriesId)),
      pgArray.float4(waves.map((wave) => wave.rate)),
      pgArray.bool(waves.map((wave) => wave.late)),
      pgArray.int4(first),
      pgArray.int4(last),
    ],
  });
};

const REJECTS = {
  name: 'write-rejects',
  text: `
insert into rejected_messages
  (journal_id, journal_seq, received_at, topic, device_id, reason, detail, payload, payload_bytes)
select $1::uuid, * from unnest($2::int8[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[], $9::int4[])
on conflict do nothing`,
};

// PostgreSQL's text cannot hold U+0000, and a rejected message may hold anything.
const printable = (text: string): string => text.replaceAll('\0', '\u2400');

export const writeRejects = async (
  client: DatabaseClient,
  journalId: string,
  rejects: Rows['rejects'],
): Promise<void> => {
  await client.query({
    ...REJECTS,
    values: [
      journalId,
      rejects.map(({ position }) => String(position)),
      pgArray.timestamptz(rejects.map(({ record }) => record.receivedAt)),
      rejects.map(({ record }) => printable(record.topic)),
      rejects.map(({ record }) => record.device || null),
      rejects.map(({ record }) => record.reason),
      rejects.map(({ record }) => printable(record.detail)),
      rejects.map(({ record }) => Buffer.from(record.payload)),
      pgArray.int4(rejects.map(({ record }) => record.payloadBytes)),
    ],
  });
};

const DEVICES = {
  name: 'write-devices',
  text: `
update devices set model = coalesce(said.model, devices.model), firmware = coalesce(said.firmware, devices.firmware)
from unnest($1::text[], $2::text[], $3::text[]) as said(id, model, firmware)
where devices.id = said.id`,
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

export type StreamKey = { readonly device: string; readonly channel: string; readonly boot: string };

const PROGRESS = {
  name: 'write-progress',
  text: `
insert into device_progress (device_id, channel, boot, last_seq, updated_at)
select *, now() from unnest($1::text[], $2::text[], $3::text[], $4::int8[])
on conflict (device_id, channel, boot) do update set last_seq = excluded.last_seq, updated_at = excluded.updated_at`,
};

const GAPS = {
  name: 'write-gaps',
  text: `
insert into gaps (device_id, channel, boot, from_seq, to_seq, remaining, opened_at, closed_at)
select device_id, channel, boot, from_seq, to_seq, remaining, opened_at,
  case when isempty(remaining) then now() end
from unnest($1::text[], $2::text[], $3::text[], $4::int8[], $5::int8[], $6::text[]::int8multirange[], $7::timestamptz[])
  as gap(device_id, channel, boot, from_seq, to_seq, remaining, opened_at)
on conflict (device_id, channel, boot, from_seq) do update
set remaining = excluded.remaining, closed_at = excluded.closed_at`,
};

const multirange = ({ remaining }: Gap): string => `{${remaining.map(({ from, to }) => `[${from},${to}]`).join(',')}}`;

/** Gaps before progress: a restart between the two finds them again, the other way round it would not. */
export const writeStreams = async (
  client: DatabaseClient,
  streams: readonly { key: StreamKey; stream: Stream }[],
  gaps: readonly { key: StreamKey; gap: Gap }[],
): Promise<void> => {
  if (gaps.length > 0) {
    await client.query({
      ...GAPS,
      values: [
        gaps.map(({ key }) => key.device),
        gaps.map(({ key }) => key.channel),
        gaps.map(({ key }) => printable(key.boot)),
        pgArray.int8(gaps.map(({ gap }) => gap.from)),
        pgArray.int8(gaps.map(({ gap }) => gap.to)),
        gaps.map(({ gap }) => multirange(gap)),
        pgArray.timestamptz(gaps.map(({ gap }) => gap.openedAt)),
      ],
    });
  }
  if (streams.length > 0) {
    await client.query({
      ...PROGRESS,
      values: [
        streams.map(({ key }) => key.device),
        streams.map(({ key }) => key.channel),
        streams.map(({ key }) => printable(key.boot)),
        pgArray.int8(streams.map(({ stream }) => stream.lastSeq)),
      ],
    });
  }
};
