import type { Database, DatabaseClient } from '#platform/database.ts';
import { coerceError, errorCode } from '#platform/errors.ts';
import { type Gap, observeSeq, type Run, type Stream } from './gaps.ts';
import type { Entry } from './journal.ts';
import { buildRows, decodeEntries, lastOfEach, missingSeries, type Rows, type VitalColumns } from './rows.ts';
import { createSeriesIds } from './series.ts';
import {
  type StreamKey,
  type Written,
  writeDevices,
  writeRejects,
  writeStreams,
  writeVitals,
  writeWaves,
} from './statements.ts';

/** What a batch did: readings in it, rows written or changed by it, and of these how many replaced another value. */
export type Stored = { readonly readings: number; readonly written: number; readonly corrected: number };

export type Store = {
  /** All of the batch or nothing of it. Safe to call again with the same entries, whatever became of the first call. */
  readonly write: (entries: readonly Entry[]) => Promise<Stored>;
};

/** ON CONFLICT DO UPDATE cannot touch a row twice: two readings of one batch have the same key. */
const CARDINALITY_VIOLATION = '21000';

const keyText = ({ device, channel, boot }: StreamKey): string => `${channel}/${device}/${boot}`;

type StreamRow = { device_id: string; channel: string; boot: string; last_seq: string };
type GapRow = {
  device_id: string;
  channel: string;
  boot: string;
  from_seq: string;
  to_seq: string;
  opened_at: Date;
  runs: Run[];
};

const OPEN_GAPS = `
select device_id, channel, boot, from_seq, to_seq, opened_at,
  (select json_agg(json_build_object('from', lower(run), 'to', upper(run) - 1) order by lower(run)) from unnest(remaining) as run) as runs
from gaps where closed_at is null order by opened_at`;

const loadStreams = async (client: DatabaseClient): Promise<Map<string, Stream>> => {
  const streams = new Map<string, Stream>();
  const progress = await client.query<StreamRow>('select device_id, channel, boot, last_seq from device_progress');
  for (const row of progress.rows) {
    const key = keyText({ device: row.device_id, channel: row.channel, boot: row.boot });
    streams.set(key, { lastSeq: Number(row.last_seq), gaps: [] });
  }
  const open = await client.query<GapRow>(OPEN_GAPS);
  for (const row of open.rows) {
    const key = keyText({ device: row.device_id, channel: row.channel, boot: row.boot });
    const stream = streams.get(key);
    const gap: Gap = {
      from: Number(row.from_seq),
      to: Number(row.to_seq),
      openedAt: row.opened_at.getTime(),
      remaining: row.runs,
    };
    if (stream) streams.set(key, { ...stream, gaps: [...stream.gaps, gap] });
  }
  return streams;
};

type StreamChanges = {
  readonly streams: ReadonlyMap<string, { key: StreamKey; stream: Stream }>;
  readonly gaps: ReadonlyMap<string, { key: StreamKey; gap: Gap }>;
};

const observeAll = (known: ReadonlyMap<string, Stream>, sequenced: Rows['sequenced']): StreamChanges => {
  const streams = new Map<string, { key: StreamKey; stream: Stream }>();
  const gaps = new Map<string, { key: StreamKey; gap: Gap }>();
  for (const key of sequenced) {
    const text = keyText(key);
    const before = streams.get(text)?.stream ?? known.get(text);
    const { stream, changed } = observeSeq(before, key.seq, key.receivedAt, key.boot !== '');
    if (stream !== before) streams.set(text, { key, stream });
    for (const gap of changed) gaps.set(`${text}/${gap.from}`, { key, gap });
  }
  return { streams, gaps };
};

const writeVitalsOnce = async (client: DatabaseClient, columns: VitalColumns): Promise<Written> => {
  if (columns.time.length === 0) return { written: 0, corrected: 0 };
  await client.query('savepoint vitals');
  try {
    return await writeVitals(client, columns);
  } catch (error) {
    if (errorCode(error) !== CARDINALITY_VIOLATION) throw error;
    await client.query('rollback to savepoint vitals');
    return await writeVitals(client, lastOfEach(columns));
  }
};

export const createStore = ({ database, journalId }: { database: Database; journalId: () => string }): Store => {
  const series = createSeriesIds();
  let streams: Map<string, Stream> | undefined;

  const writeWith = async (client: DatabaseClient, entries: readonly Entry[]): Promise<Stored> => {
    const decoded = decodeEntries(entries);
    const known = streams ?? (await loadStreams(client));
    const missing = missingSeries(decoded, series);
    // Outside the transaction: an id that is remembered must not be rolled back.
    if (missing.length > 0) await series.ensure(client, missing);
    const rows = buildRows(decoded, series);
    const changes = observeAll(known, rows.sequenced);

    await client.query('begin');
    const { written, corrected } = await writeVitalsOnce(client, rows.vitals);
    if (rows.waves.length > 0) await writeWaves(client, rows.waves);
    if (rows.rejects.length > 0) await writeRejects(client, journalId(), rows.rejects);
    if (rows.devices.length > 0) await writeDevices(client, rows.devices);
    if (changes.streams.size > 0 || changes.gaps.size > 0) {
      await writeStreams(client, [...changes.streams.values()], [...changes.gaps.values()]);
    }
    await client.query('commit');

    for (const [key, { stream }] of changes.streams) known.set(key, stream);
    streams = known;
    return { readings: rows.vitals.time.length, written, corrected };
  };

  return {
    async write(entries) {
      const client = await database.connect();
      try {
        const stored = await writeWith(client, entries);
        client.release();
        return stored;
      } catch (error) {
        // The connection may be in the middle of anything; a new one is cheap.
        client.release(coerceError(error));
        throw error;
      }
    },
  };
};
