import { Counter, Gauge, type Registry as MetricsRegistry } from 'prom-client';
import type { JournalState } from '#contracts/ports/journal.ts';
import type { IngestStats } from './stats.ts';

/** Metrics that are read from simple numbers when someone asks. */
const createMeters = (metrics: MetricsRegistry) => {
  const registers = [metrics];
  return {
    counter(name: string, help: string, read: () => number): void {
      const metric: Counter = new Counter({
        name: `wardwatch_${name}`,
        help,
        registers,
        collect() {
          metric.reset();
          metric.inc(read());
        },
      });
    },
    counters(name: string, help: string, label: string, read: () => Readonly<Record<string, number>>): void {
      const metric: Counter = new Counter({
        name: `wardwatch_${name}`,
        help,
        labelNames: [label],
        registers,
        collect() {
          metric.reset();
          for (const [value, count] of Object.entries(read())) metric.inc({ [label]: value }, count);
        },
      });
    },
    gauge(name: string, help: string, read: () => number): void {
      const metric: Gauge = new Gauge({
        name: `wardwatch_${name}`,
        help,
        registers,
        collect() {
          metric.set(read());
        },
      });
    },
  };
};

export type IngestNumbers = {
  readonly metrics: MetricsRegistry;
  readonly stats: IngestStats;
  readonly journal: () => JournalState;
};

export const registerIngestMetrics = ({ metrics, stats, journal }: IngestNumbers): void => {
  const { counter, counters, gauge } = createMeters(metrics);
  counters('publications_total', 'Messages taken from devices.', 'channel', () => stats.publications);
  counters('rejected_total', 'Messages or entries refused, by reason.', 'reason', () => stats.rejected);
  counter('rejects_not_kept_total', 'Refusals counted but not kept.', () => stats.rejectsNotKept);
  counter('readings_total', 'Readings accepted.', () => stats.readings);
  counter('readings_late_total', 'Readings that arrived too late to be shown.', () => stats.late);
  counter('wave_blocks_total', 'Waveform blocks accepted.', () => stats.waveBlocks);
  counter(
    'readings_stored_total',
    'Readings the database has taken, repetitions included.',
    () => stats.storedReadings,
  );
  counter('rows_written_total', 'Rows of readings written or changed.', () => stats.storedRows);
  counter('corrections_total', 'Readings that replaced another value of the same time.', () => stats.corrections);
  counter('database_failures_total', 'Times the database could not be written.', () => stats.databaseFailures);
  counter('clock_steps_total', 'Times the clock of this station was put forward or back.', () => stats.clockSteps);
  gauge('journal_bytes', 'Bytes waiting for the database.', () => journal().storedBytes);
  gauge('journal_pending', 'Messages waiting for the disk.', () => journal().pendingAppends);
  gauge('journal_full', '1 while nothing can be acknowledged because the journal is full.', () =>
    Number(journal().full),
  );
};
