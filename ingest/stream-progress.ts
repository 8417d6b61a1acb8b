import type { DatabaseClient } from '#platform/database.ts';
import { type Gap, MAX_WATCHED_GAPS, observeSeq, type Run, type Stream } from './gaps.ts';
import type { Rows } from './rows.ts';
import { type StreamKey, writeStreams } from './statements/streams.ts';
import { createStreams, MAX_WATCHED_BOOTS, type Streams } from './streams.ts';

/** Where each device's sequence stands, and what is missing of it: read when a session begins, and saved when it is settled. */
export type StreamProgress = {
  /** Returns what makes these numbers count. It must be called once the rows that they came with are written. */
  readonly observe: (sequenced: Rows['sequenced']) => () => void;
  /** Writes what changed since `saved` was called. */
  readonly save: () => Promise<void>;
  /** What `save` wrote last is safe. */
  readonly saved: () => void;
};

const keyText = ({ device, channel, boot }: StreamKey): string => `${channel}/${device}/${boot}`;

type StreamRow = { device_id: string; channel: string; boot: string; last_seq: string; gaps: GapRow[] };
type GapRow = { from_seq: number; to_seq: number; opened_at: string; runs: Run[] };

/** The state that `streams.ts` and `gaps.ts` would have kept, the quietest boot and the oldest gap first. */
const WATCHED = `
select device_id, channel, boot, last_seq, coalesce(open.gaps, '[]') as gaps
from (
  select *, row_number() over (partition by device_id, channel order by updated_at desc) as place from device_progress
) as progress
cross join lateral (
  select json_agg(json_build_object(
    'from_seq', from_seq, 'to_seq', to_seq, 'opened_at', opened_at, 'runs', (
      select json_agg(json_build_object('from', lower(run), 'to', upper(run) - 1) order by lower(run))
      from unnest(remaining) as run
    )
  ) order by from_seq) as gaps
  from (
    select * from gaps
    where closed_at is null
      and (device_id, channel, boot) = (progress.device_id, progress.channel, progress.boot)
    order by from_seq desc limit $2
  ) as newest
) as open
where place <= $1
order by updated_at`;

const loadStreams = async (client: DatabaseClient): Promise<Streams> => {
  const streams = createStreams();
  const { rows } = await client.query<StreamRow>(WATCHED, [MAX_WATCHED_BOOTS, MAX_WATCHED_GAPS]);
  for (const { device_id: device, channel, boot, last_seq, gaps } of rows) {
    const watched = gaps.map(({ from_seq: from, to_seq: to, opened_at, runs }) => ({
      from,
      to,
      openedAt: Date.parse(opened_at),
      remaining: runs,
    }));
    streams.set({ device, channel, boot }, { lastSeq: Number(last_seq), gaps: watched });
  }
  return streams;
};

/** What streams became. */
type StreamChanges = {
  readonly streams: Map<string, { key: StreamKey; stream: Stream }>;
  readonly gaps: Map<string, { key: StreamKey; gap: Gap }>;
};

const unchanged = (): StreamChanges => ({ streams: new Map(), gaps: new Map() });

const observeAll = (known: Streams, sequenced: Rows['sequenced']): StreamChanges => {
  const changes = unchanged();
  for (const key of sequenced) {
    const text = keyText(key);
    const before = changes.streams.get(text)?.stream ?? known.get(key);
    const { stream, changed } = observeSeq(before, key.seq, key.receivedAt, key.boot !== '');
    if (stream !== before) changes.streams.set(text, { key, stream });
    for (const gap of changed) changes.gaps.set(`${text}/${gap.from}`, { key, gap });
  }
  return changes;
};

/** As the database has it. */
export const loadStreamProgress = async (client: DatabaseClient): Promise<StreamProgress> => {
  const known = await loadStreams(client);
  let unsaved = unchanged();
  return {
    observe(sequenced) {
      const { streams, gaps } = observeAll(known, sequenced);
      return () => {
        for (const [text, changed] of streams) {
          known.set(changed.key, changed.stream);
          unsaved.streams.set(text, changed);
        }
        for (const [text, changed] of gaps) unsaved.gaps.set(text, changed);
      };
    },
    save: () => writeStreams(client, [...unsaved.streams.values()], [...unsaved.gaps.values()]),
    saved() {
      unsaved = unchanged();
    },
  };
};
