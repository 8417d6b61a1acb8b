import { wavesBody } from '../load/packets.ts';
import { createHistogram, type HistogramData, percentileCurve, summarize } from '../support/histogram.ts';
import { watchCpu } from '../support/machine.ts';
import type { Row } from '../support/row.ts';
import { onStage, pass, type Stage, WARM_UP_SECONDS, type Watcher, waitUntilDrained } from '../support/stage.ts';

/** 200 beds × 4 waveforms × 250 Hz in blocks of a second: all stored in few bytes, none missing, and streamed to a screen. */

const BEDS = 200;
const WAVES = 4;
const RATE_HZ = 250;
const BLOCK_MS = 1_000;
const SECONDS_AN_HOUR = 3_600;

/** A row holds the blocks of a message. The sizes are those of the table, its partitions or chunks, and their indexes. */
const STORED = `
with recursive tables as (
  select 'waves'::regclass::oid as id union all select inhrelid from tables join pg_inherits on inhparent = id
)
select count(*)::float8 as rows, coalesce(sum(sample_count), 0)::float8 as samples,
  (select sum(pg_total_relation_size(id)) from tables)::float8 as bytes,
  (select sum(pg_indexes_size(id)) from tables)::float8 as index_bytes
from waves`;

type Stored = { rows: number; samples: number; bytes: number; index_bytes: number };

/** Load keeps its rate to the millisecond, so a hole is a step much longer than a block. */
const HOLES = `
select count(*)::float8 as holes from (
  select time - lag(time) over (partition by series_id order by time) as step from waves
) as steps where step > interval '1.5 seconds'`;

/** A screen may ask for the waveforms of 128 beds. */
const BEDS_A_SCREEN = 100;

const watchAll = async ({ ward: { bedIds }, watch }: Stage): Promise<Watcher[]> => {
  const watchers: Watcher[] = [];
  for (let from = 0; from < bedIds.length; from += BEDS_A_SCREEN) {
    const waves = bedIds.slice(from, from + BEDS_A_SCREEN);
    watchers.push(await watch({ screens: 1, waves, measuredBeforeMs: BLOCK_MS }));
  }
  return watchers;
};

const finishAll = async (watchers: readonly Watcher[]): Promise<{ seen: number; delays: HistogramData }> => {
  const delays = createHistogram();
  let seen = 0;
  for (const watcher of watchers) {
    const result = await watcher.finish();
    delays.merge(result.delays);
    seen += result.seen;
  }
  return { seen, delays: delays.data() };
};

export const measureWaves: Row = (context) =>
  onStage(context, BEDS, async (stage) => {
    const { seconds } = context;
    const watchers = await watchAll(stage);
    const publisher = await stage.publish({
      messagesPerSecond: (BEDS * 1_000) / BLOCK_MS,
      beds: stage.ward.publishers('waves'),
      body: wavesBody(RATE_HZ, (RATE_HZ * BLOCK_MS) / 1_000),
      measuredBeforeMs: BLOCK_MS,
    });
    await pass(WARM_UP_SECONDS, 'warming up', context, publisher);
    const fromMs = Date.now() - BLOCK_MS;
    for (const watcher of watchers) watcher.send({ command: 'measure', fromMs, untilMs: fromMs + seconds * 1_000 });
    publisher.send({ command: 'phase', name: 'waves' });
    const cpu = watchCpu({ station: stage.station().pid });
    await pass(seconds, `${BEDS} beds × ${WAVES} waves × ${RATE_HZ} Hz`, context, publisher);
    const cpuPercent = await cpu();
    publisher.send({ command: 'pause' });
    await pass(1, 'the last blocks', context, publisher);
    await waitUntilDrained(stage.station(), 60_000);
    const published = await publisher.finish();
    const watched = await finishAll(watchers);
    const [stored] = await stage.database.query<Stored>(STORED);
    const [gaps] = await stage.database.query<{ holes: number }>(HOLES);
    const { rows = 0, samples = 0, bytes = Number.NaN, index_bytes = Number.NaN } = stored ?? {};
    const share = rows / published.acked;
    const samplesOfBed = (WAVES * RATE_HZ * BLOCK_MS) / 1_000;
    const complete = samples === published.acked * samplesOfBed && gaps?.holes === 0;
    const bytesASample = bytes / samples;
    const stream = summarize(watched.delays);
    const expectedOnScreen = BEDS * seconds * WAVES;
    return {
      lines: [
        {
          what: `waveforms, ${BEDS} beds × ${WAVES} × ${RATE_HZ} Hz, blocks stored of those acknowledged`,
          measured: complete ? share : Math.min(share, 0.999),
          unit: '',
          budget: { atLeast: 1 },
          note: `${rows * WAVES} blocks, ${samples} samples, ${gaps?.holes} holes; station ${cpuPercent.station ?? '?'}% of a core`,
        },
        {
          what: 'waveforms, bytes a sample in the database',
          measured: bytesASample,
          unit: '',
          budget: { atMost: 1 },
          note: `rows and indexes, before any compression by the server; ${(bytes / rows).toFixed(0)} bytes a row of ${WAVES} waves, ${(index_bytes / rows).toFixed(0)} of them index`,
        },
        {
          what: 'waveforms, stored an hour and bed',
          measured: (bytesASample * samplesOfBed * SECONDS_AN_HOUR) / 1e6,
          unit: 'MB',
        },
        {
          what: 'waveforms, blocks streamed to a screen of those sent',
          measured: watched.seen / expectedOnScreen,
          unit: '',
          budget: { atLeast: 1 },
        },
        {
          what: 'waveforms, publish → screen p99',
          measured: stream.p99,
          unit: 'ms',
          note: `p50 ${stream.p50.toFixed(0)}, max ${stream.max.toFixed(0)} ms, a screen for ${BEDS_A_SCREEN} beds, after a block of ${BLOCK_MS} ms`,
        },
      ],
      plots: [
        {
          title: 'waveforms, publish → screen',
          kind: 'percentiles',
          xLabel: 'of blocks',
          yLabel: 'ms',
          curves: [
            {
              name: `${BEDS / BEDS_A_SCREEN} screens, ${BEDS} beds`,
              points: percentileCurve(watched.delays).map(({ share, ms }): [number, number] => [share, ms]),
            },
          ],
        },
      ],
      detail: { stored, gaps, published, stream, seen: watched.seen, expectedOnScreen },
    };
  });
