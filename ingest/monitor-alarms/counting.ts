import { Counter, Histogram, type Registry as MetricsRegistry } from 'prom-client';
import type { MonitorAlarmEvent } from '#domain/monitor-alarms/alarm.ts';

/** How long it may take in seconds from when the station heard of an alarm until it told of it. */
const BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

/** Counts what happened to monitors' alarms, and how long the station kept each to itself (IEC 60601-1-8, 6.4.2). */
export const createCounting = (
  metrics: MetricsRegistry,
): ((happened: readonly MonitorAlarmEvent[], announcedAt: number) => void) => {
  const events = new Counter({
    name: 'wardwatch_monitor_alarm_events_total',
    help: 'What happened to the alarms that monitors report.',
    labelNames: ['type', 'priority'],
    registers: [metrics],
  });
  const delays = new Histogram({
    name: 'wardwatch_monitor_alarm_announce_seconds',
    help: "From a monitor's message to the announcement of the alarm that it began.",
    labelNames: ['priority'],
    buckets: BUCKETS_S,
    registers: [metrics],
  });
  return (happened, announcedAt) => {
    for (const { type, at, alarm } of happened) {
      events.inc({ type, priority: alarm.priority });
      if (type === 'onset') delays.observe({ priority: alarm.priority }, Math.max(0, announcedAt - at) / 1_000);
    }
  };
};
