import { wavesBody } from '../load/packets.ts';
import { percentileCurve, summarize } from '../support/histogram.ts';
import { watchCpu } from '../support/machine.ts';
import type { Row } from '../support/row.ts';
import { onStage, pass, WARM_UP_SECONDS, waitUntilDrained } from '../support/stage.ts';

/** 100 beds × 3 waveforms × 250 Hz in blocks of a second: all stored, none missing, and streamed to a screen. */

const BEDS = 100;
const WAVES = 3;
const RATE_HZ = 250;
const BLOCK_MS = 1_000;

const STORED = `
select count(*)::float8 as blocks, coalesce(sum(cardinality(samples)), 0)::float8 as samples, count(distinct series_id)::float8 as series
from waves`;

/** Load keeps its rate to the millisecond, so a hole is a step much longer than a block. */
const HOLES = `
select count(*)::float8 as holes from (
  select time - lag(time) over (partition by series_id order by time) as step from waves
) as steps where step > interval '1.5 seconds'`;

export const measureWaves: Row = (context) =>
  onStage(context, BEDS, async (stage) => {
    const { seconds } = context;
    const watcher = await stage.watch({ screens: 1, waves: stage.ward.bedIds, measuredBeforeMs: BLOCK_MS });
    const publisher = await stage.publish({
      messagesPerSecond: (BEDS * 1_000) / BLOCK_MS,
      beds: stage.ward.publishers('waves'),
      body: wavesBody(RATE_HZ, (RATE_HZ * BLOCK_MS) / 1_000),
      measuredBeforeMs: BLOCK_MS,
    });
    await pass(WARM_UP_SECONDS, 'warming up', context, publisher);
    const fromMs = Date.now() - BLOCK_MS;
    watcher.send({ command: 'measure', fromMs, untilMs: fromMs + seconds * 1_000 });
    publisher.send({ command: 'phase', name: 'waves' });
    const cpu = watchCpu({ station: stage.station().pid });
    await pass(seconds, `${BEDS} beds × ${WAVES} waves × ${RATE_HZ} Hz`, context, publisher);
    const cpuPercent = await cpu();
    publisher.send({ command: 'pause' });
    await pass(1, 'the last blocks', context, publisher);
    await waitUntilDrained(stage.station(), 60_000);
    const published = await publisher.finish();
    const watched = await watcher.finish();
    const [stored] = await stage.database.query<{ blocks: number; samples: number; series: number }>(STORED);
    const [gaps] = await stage.database.query<{ holes: number }>(HOLES);
    const expectedBlocks = published.acked * WAVES;
    const share = (stored?.blocks ?? 0) / expectedBlocks;
    const complete = stored?.samples === (expectedBlocks * RATE_HZ * BLOCK_MS) / 1_000 && gaps?.holes === 0;
    const stream = summarize(watched.delays);
    const expectedOnScreen = BEDS * seconds * WAVES;
    return {
      lines: [
        {
          what: `waveforms, ${BEDS} beds × ${WAVES} × ${RATE_HZ} Hz, blocks stored of those acknowledged`,
          measured: complete ? share : Math.min(share, 0.999),
          unit: '',
          budget: { atLeast: 1 },
          note: `${stored?.blocks} blocks, ${stored?.samples} samples, ${gaps?.holes} holes; station ${cpuPercent.station ?? '?'}% of a core`,
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
          note: `p50 ${stream.p50.toFixed(0)}, max ${stream.max.toFixed(0)} ms, one screen with all beds, after a block of ${BLOCK_MS} ms`,
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
              name: '1 screen, 100 beds',
              points: percentileCurve(watched.delays).map(({ share, ms }): [number, number] => [share, ms]),
            },
          ],
        },
      ],
      detail: { stored, gaps, published, stream, seen: watched.seen, expectedOnScreen },
    };
  });
