import { percentileCurve, summarize } from '../support/histogram.ts';
import type { Line, Plot, Row } from '../support/row.ts';
import { onStage, pass, WARM_UP_SECONDS, waitUntilDrained } from '../support/stage.ts';

/** publish → PUBACK, which is publish → flushed to disk: with the database, while it is frozen, and when it is back. */
export const measurePuback: Row = (context) =>
  onStage(context, context.beds, async (stage) => {
    const { server, seconds, beds } = context;
    const publisher = await stage.publish({ messagesPerSecond: beds });
    await pass(WARM_UP_SECONDS, 'warming up', context, publisher);
    publisher.send({ command: 'phase', name: 'database up' });
    await pass(seconds, 'publish → PUBACK', context, publisher);
    if (server.freeze) {
      const frozen = await server.freeze();
      stage.atEnd('frozen database', frozen.thaw);
      publisher.send({ command: 'phase', name: 'database stopped' });
      await pass(seconds, 'publish → PUBACK, database stopped', context, publisher);
      publisher.send({ command: 'phase', name: 'database back' });
      await frozen.thaw();
      await pass(Math.min(5, seconds), 'publish → PUBACK, database back', context, publisher);
    }
    publisher.send({ command: 'pause' });
    const drainedAfterMs = await waitUntilDrained(stage.station(), 60_000);
    const result = await publisher.finish();
    const phases = result.phases.slice(1).map(({ name, sent, delays }) => ({ name, sent, delays }));
    const [counted] = await stage.database.query<{ rows: number }>('select count(*)::float8 as rows from vitals');
    const lines = phases.flatMap(({ name, sent, delays }): Line[] => {
      const { p50, p99, max, count } = summarize(delays);
      return [
        {
          what: `publish → PUBACK p99, ${beds} beds × 1 Hz, ${name}`,
          measured: p99,
          unit: 'ms',
          budget: { atMost: 20 },
          note: `p50 ${p50.toFixed(1)}, max ${max.toFixed(1)} ms, ${count} of ${sent} acknowledged`,
        },
      ];
    });
    const plot: Plot = {
      title: 'publish → PUBACK',
      kind: 'percentiles',
      xLabel: 'of messages',
      yLabel: 'ms',
      curves: phases.map(({ name, delays }) => ({
        name,
        points: percentileCurve(delays).map(({ share, ms }): [number, number] => [share, ms]),
      })),
      budget: 20,
    };
    return {
      lines,
      plots: [plot],
      detail: {
        phases,
        drainedAfterMs,
        rows: counted?.rows,
        acked: result.acked,
        loadOwnLatenessMs: result.ownLatenessMs,
        notMeasured: server.freeze ? [] : ['database stopped: the server of a URL cannot be frozen from here'],
      },
    };
  });
