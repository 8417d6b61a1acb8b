import type { Gap } from '#contracts/http/gaps.ts';
import { type Queryable, query } from '../database/query.ts';

type GapRow = {
  device_id: string;
  channel: string;
  boot: string;
  from_seq: string;
  to_seq: string;
  missing: string;
  opened_at: Date;
  closed_at: Date | null;
};

/** Runs of messages that did not arrive, the newest first. */
export const listGaps = async (
  database: Queryable,
  { device, open, limit }: { device?: string | undefined; open?: boolean | undefined; limit: number },
): Promise<Gap[]> => {
  const rows = await query<GapRow>(
    database,
    `select device_id, channel, boot, from_seq, to_seq, opened_at, closed_at,
       (select coalesce(sum(upper(run) - lower(run)), 0) from unnest(remaining) as run) as missing
     from gaps
     where ($1::text is null or device_id = $1) and ($2::boolean is null or (closed_at is null) = $2)
     order by opened_at desc limit $3`,
    [device ?? null, open ?? null, limit],
  );
  return rows.map((row) => ({
    device: row.device_id,
    channel: row.channel,
    boot: row.boot,
    fromSeq: Number(row.from_seq),
    toSeq: Number(row.to_seq),
    missing: Number(row.missing),
    openedAt: row.opened_at.getTime(),
    closedAt: row.closed_at?.getTime() ?? null,
  }));
};
