import type { Rejected } from '#contracts/http/rejected.ts';
import { type Queryable, query } from '../database/query.ts';

type RejectedRow = {
  received_at: Date;
  topic: string;
  device_id: string | null;
  reason: string;
  detail: string;
  payload: Buffer;
  payload_bytes: number;
};

/** Refused messages and entries, the newest first. */
export const listRejected = async (
  database: Queryable,
  { device, limit }: { device?: string | undefined; limit: number },
): Promise<Rejected[]> => {
  const rows = await query<RejectedRow>(
    database,
    `select received_at, topic, device_id, reason, detail, payload, payload_bytes
     from rejected_messages where $1::text is null or device_id = $1 order by received_at desc limit $2`,
    [device ?? null, limit],
  );
  return rows.map((row) => ({
    receivedAt: row.received_at.getTime(),
    topic: row.topic,
    device: row.device_id,
    reason: row.reason,
    detail: row.detail,
    payload: row.payload.toString('base64'),
    payloadBytes: row.payload_bytes,
  }));
};
