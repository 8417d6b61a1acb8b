import { Counter, Histogram, type Registry as MetricsRegistry } from 'prom-client';
import type { Alarm, AlarmEvent } from '#domain/alarms/alarm.ts';
import type { Priority } from '#domain/alarms/conditions.ts';
import type { AlarmStamp } from '../alarm-record.ts';

/**
 * How long each stage of an alarm took (IEC 60601-1-8, 6.4.2: delays are disclosed):
 *
 *   measured ─▶ received ─▶ decided ─▶ published ─▶ shown
 *                                          └─▶ acknowledged
 */
export type Latency = {
  /** Stamps of the alarms that are announced now. */
  readonly published: (events: readonly AlarmEvent[], at: number) => AlarmStamp[];
  /** Takes note of alarms that were announced before the station started, at a time that is not known any more. */
  readonly remember: (alarms: readonly Alarm[]) => void;
  /** undefined: the alarm was shown before, or is not known. */
  readonly shown: (alarm: string, at: number) => AlarmStamp | undefined;
};

const BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800];

/** `at` null: before the station started. */
type Published = { readonly at: number | null; readonly priority: Priority; isShown: boolean };

export const createLatency = ({ metrics }: { metrics: MetricsRegistry }): Latency => {
  const stages = new Histogram({
    name: 'wardwatch_alarm_stage_seconds',
    help: 'How long an alarm took from one stage to the next.',
    labelNames: ['stage', 'priority'],
    buckets: BUCKETS_S,
    registers: [metrics],
  });
  const events = new Counter({
    name: 'wardwatch_alarm_events_total',
    help: 'What happened to alarms.',
    labelNames: ['type', 'priority'],
    registers: [metrics],
  });
  const open = new Map<string, Published>();

  const observe = (stage: string, priority: Priority, from: number | null, to: number): void => {
    if (from !== null) stages.observe({ stage, priority }, Math.max(0, to - from) / 1_000);
  };

  return {
    published(happened, at) {
      const stamps: AlarmStamp[] = [];
      for (const event of happened) {
        if (!('alarm' in event)) continue;
        const { type, alarm } = event;
        const { id, priority } = alarm;
        events.inc({ type, priority });
        if (type === 'acknowledged') observe('published to acknowledged', priority, open.get(id)?.at ?? null, event.at);
        if (type === 'ended') open.delete(id);
        if (type !== 'onset') continue;
        open.set(id, { at, priority, isShown: false });
        stamps.push({ alarm: id, stage: 'published', at });
        if (alarm.receivedAt !== null) observe('measured to received', priority, alarm.measuredAt, alarm.receivedAt);
        observe('received to decided', priority, alarm.receivedAt, alarm.decidedAt);
        observe('decided to published', priority, alarm.decidedAt, at);
      }
      return stamps;
    },
    remember(alarms) {
      for (const { id, priority } of alarms) open.set(id, { at: null, priority, isShown: false });
    },
    shown(id, at) {
      const published = open.get(id);
      if (!published || published.isShown) return undefined;
      published.isShown = true;
      observe('published to shown', published.priority, published.at, at);
      return { alarm: id, stage: 'shown', at };
    },
  };
};
