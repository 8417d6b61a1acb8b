import { createHistogram, type HistogramData } from '../support/histogram.ts';
import { frameName } from './screens.ts';

/** The kind to listen for where it is the monitors' own alarms that are counted. */
export const OWN_ALARMS = 'reported';

/** Onsets of one kind of alarm as they are heard: when, by how many listeners, and whether any of them heard one twice. */
export type Onsets = {
  /** Delays from the moment the reading was measured, over all listeners. */
  readonly delays: HistogramData;
  /** What was heard, by the bed and time of the reading (`readingKey`). */
  readonly heard: Readonly<Record<string, Heard>>;
};

export type Heard = { readonly listeners: number; readonly times: number };

/** Counts onsets of readings measured in that time. Epoch milliseconds. */
export type OnsetsCommand = { readonly command: 'measure'; readonly fromMs: number; readonly untilMs: number };

export const readingKey = (bed: string, time: number): string => `${bed}@${time}`;

type AlarmText = {
  readonly bed: string | null;
  readonly events: readonly {
    readonly type: string;
    readonly alarm?: { readonly kind: string; readonly measuredAt: number | null };
  }[];
  readonly monitorEvents?: readonly {
    readonly type: string;
    readonly alarm: { readonly kind: string; readonly number: string };
  }[];
};

type Reading = { readonly key: string; readonly time: number };

const FRAMES_KEPT = 5_000;

const isAlarm = (name: string): boolean => name.startsWith('{"type":"alarm"');

const readingsOf = (data: Buffer, kind: string): readonly Reading[] => {
  const { bed, events, monitorEvents = [] }: AlarmText = JSON.parse(data.toString('utf8'));
  if (bed === null) return [];
  const times =
    kind === OWN_ALARMS
      ? monitorEvents.flatMap(({ type, alarm }) =>
          // The load gives each of its alarms the time of its beginning as id.
          type === 'onset' && alarm.kind === kind ? [Number(alarm.number)] : [],
        )
      : events.flatMap(({ type, alarm }) =>
          type === 'onset' && alarm?.kind === kind && alarm.measuredAt !== null ? [alarm.measuredAt] : [],
        );
  return times.map((time) => ({ key: readingKey(bed, time), time }));
};

export const createOnsets = (kind: string) => {
  const delays = createHistogram();
  /** All listeners are sent the same bytes: read once. */
  const known = new Map<string, readonly Reading[]>();
  const heard = new Map<string, { times: number; readonly by: Set<number> }>();
  let fromMs = Number.POSITIVE_INFINITY;
  let untilMs = Number.POSITIVE_INFINITY;

  return {
    measure(command: OnsetsCommand) {
      ({ fromMs, untilMs } = command);
    },
    take(listener: number, data: Buffer, name = frameName(data)): void {
      if (!isAlarm(name)) return;
      const now = Date.now();
      let readings = known.get(name);
      if (!readings) {
        if (known.size >= FRAMES_KEPT) known.clear();
        readings = readingsOf(data, kind);
        known.set(name, readings);
      }
      for (const { key, time } of readings) {
        if (time < fromMs || time >= untilMs) continue;
        delays.add(now - time);
        const entry = heard.get(key) ?? { times: 0, by: new Set() };
        entry.times++;
        entry.by.add(listener);
        heard.set(key, entry);
      }
    },
    result: (): Onsets => ({
      delays: delays.data(),
      heard: Object.fromEntries([...heard].map(([key, { times, by }]) => [key, { listeners: by.size, times }])),
    }),
  };
};
