import type { Entry } from '#contracts/ports/journal.ts';
import type { Database, DatabaseClient } from '#platform/database.ts';
import { coerceError } from '#platform/errors.ts';
import { type Gap, MAX_WATCHED_GAPS, observeSeq, type Run, type Stream } from './gaps.ts';
import { buildRows, decodeEntries, missingSeries, type Rows } from './rows.ts';
import { createSeriesIds } from './series.ts';
import { writeAlarms } from './statements/alarms.ts';
import { writeDevices } from './statements/devices.ts';
import { writeMonitorAlarms } from './statements/monitor-alarms.ts';
import { writeRejects } from './statements/rejects.ts';
import { type StreamKey, writeStreams } from './statements/streams.ts';
import { writeVitals } from './statements/vitals.ts';
import { writeWaves } from './statements/waves.ts';
import { createStreams, MAX_WATCHED_BOOTS, type Streams } from './streams.ts';

/** What a batch did: readings in it, rows written or changed by it, and of these how many replaced another value. */
export type Stored = { readonly readings: number; readonly written: number; readonly corrected: number };

export type Store = {
  /**
   * Resolves when the whole batch is in the database. After a failure some of it may be there: the same batch must be
   * written again.
   */
  readonly write: (entries: readonly Entry[]) => Promise<Stored>;
  /**
   * True when all that was written may be forgotten elsewhere. Until then a restart needs it again: where each device's
   * sequence stands is saved only every second. An empty write saves it when it is time.
   */
  readonly isSettled: () => boolean;
  /** Breaks off the write in hand, which then rejects. */
  readonly abandon: () => void;
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

/** What the streams became since they were last saved. */
type StreamChanges = {
  readonly streams: ReadonlyMap<string, { key: StreamKey; stream: Stream }>;
  readonly gaps: ReadonlyMap<string, { key: StreamKey; gap: Gap }>;
};

const UNCHANGED: StreamChanges = { streams: new Map(), gaps: new Map() };

const observeAll = (known: Streams, unsaved: StreamChanges, sequenced: Rows['sequenced']): StreamChanges => {
  const streams = new Map(unsaved.streams);
  const gaps = new Map(unsaved.gaps);
  for (const key of sequenced) {
    const text = keyText(key);
    const before = streams.get(text)?.stream ?? known.get(key);
    const { stream, changed } = observeSeq(before, key.seq, key.receivedAt, key.boot !== '');
    if (stream !== before) streams.set(text, { key, stream });
    for (const gap of changed) gaps.set(`${text}/${gap.from}`, { key, gap });
  }
  return { streams, gaps };
};

/** Written with every batch it would be a row for nearly every device; once a second one row holds a second's worth. */
const SAVE_STREAMS_EVERY_MS = 1_000;

export const createStore = ({ database, journalId }: { database: Database; journalId: () => string }): Store => {
  const series = createSeriesIds();
  let streams: Streams | undefined;
  let unsaved = UNCHANGED;
  let savedAt = Number.NEGATIVE_INFINITY;
  let inHand: DatabaseClient | undefined;

  const writeWith = async (client: DatabaseClient, entries: readonly Entry[]): Promise<Stored> => {
    const decoded = decodeEntries(entries);
    const known = streams ?? (await loadStreams(client));
    const missing = missingSeries(decoded, series);
    if (missing.length > 0) await series.ensure(client, missing);
    const rows = buildRows(decoded, series);
    const changes = observeAll(known, unsaved, rows.sequenced);
    const isTimeToSave = performance.now() - savedAt >= SAVE_STREAMS_EVERY_MS;

    // The statements have no transaction around them: each may be run again, the batch is repeated until all have run,
    // and the state of the streams is written last. A transaction would be two more round trips that the database
    // spends waiting.
    const { written, corrected } = await writeVitals(client, rows.vitals);
    if (rows.waves.length > 0) await writeWaves(client, rows.waves);
    if (rows.rejects.length > 0) await writeRejects(client, journalId(), rows.rejects);
    if (rows.devices.length > 0) await writeDevices(client, rows.devices);
    if (rows.alarms.length > 0) await writeAlarms(client, journalId(), rows.alarms);
    if (rows.monitorAlarms.length > 0) await writeMonitorAlarms(client, journalId(), rows.monitorAlarms);
    if (isTimeToSave) await writeStreams(client, [...changes.streams.values()], [...changes.gaps.values()]);

    for (const { key, stream } of changes.streams.values()) known.set(key, stream);
    streams = known;
    unsaved = isTimeToSave ? UNCHANGED : changes;
    if (isTimeToSave) savedAt = performance.now();
    return { readings: rows.vitals.time.length, written, corrected };
  };

  return {
    async write(entries) {
      const client = await database.connect();
      inHand = client;
      try {
        const stored = await writeWith(client, entries);
        client.release();
        return stored;
      } catch (error) {
        // The connection may be in the middle of anything; a new one is cheap.
        client.release(coerceError(error));
        throw error;
      } finally {
        inHand = undefined;
      }
    },
    isSettled: () => unsaved.streams.size === 0 && unsaved.gaps.size === 0,
    abandon() {
      // `end` of pg does not wait for a query that is on its way.
      void inHand?.end();
    },
  };
};
