import type { DatabaseClient } from '#platform/database.ts';
import { pgArray } from '#platform/pg-arrays.ts';
import type { Rows } from '../rows.ts';
import { printable } from './printable.ts';

const REJECTS = {
  name: 'write-rejects',
  text: `
insert into rejected_messages
  (journal_id, journal_seq, received_at, topic, device_id, reason, detail, payload, payload_bytes)
select $1::uuid, * from unnest($2::int8[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[], $9::int4[])
on conflict do nothing`,
};

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
