import type { DatabaseClient } from '#platform/database.ts';
import { pgArray } from '#platform/pg-arrays.ts';
import type { Gap, Stream } from '../gaps.ts';
import { printable } from './printable.ts';

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
