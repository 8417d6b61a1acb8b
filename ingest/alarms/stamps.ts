import type { Registry as MetricsRegistry } from 'prom-client';
import type { Alarm, AlarmEvent } from '#domain/alarms/alarm.ts';
import type { AlarmRecord, AlarmStamp } from '../alarm-record.ts';
import type { Append } from '../append.ts';
import { createLatency } from './latency.ts';

/** When alarms were published and first shown, put on record about every second. */
export type Stamps = {
  readonly published: (events: readonly AlarmEvent[]) => void;
  /** Takes note that these alarms were announced before the station started. */
  readonly remember: (alarms: readonly Alarm[]) => void;
  /** A screen has drawn these alarms. The first to do so counts. */
  readonly shown: (alarms: readonly string[]) => void;
  /** Stores what was stamped since it was last called. */
  readonly keep: () => void;
};

const NOWHERE = { unit: null, bed: null, device: null, encounter: null } as const;

export const createStamps = ({
  now,
  append,
  metrics,
}: {
  now: () => number;
  append: Append<AlarmRecord>;
  metrics: MetricsRegistry;
}): Stamps => {
  const latency = createLatency({ metrics });
  let stamps: AlarmStamp[] = [];
  return {
    published(events) {
      stamps.push(...latency.published(events, now()));
    },
    remember: latency.remember,
    shown(ids) {
      const at = now();
      for (const id of ids) {
        const stamp = latency.shown(id, at);
        if (stamp) stamps.push(stamp);
      }
    },
    keep() {
      if (stamps.length === 0) return;
      const kept = { kind: 'alarm' as const, receivedAt: now(), ...NOWHERE, stamps, checkpoint: null };
      append([{ ...kept, inputs: [], events: [] }], ignore);
      stamps = [];
    },
  };
};

const ignore = (): void => {};
