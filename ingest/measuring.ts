import type { DeviceMessage } from '#contracts/ports/intake.ts';
import type { Alarms } from './alarms/alarms.ts';
import type { Decision } from './alarms/decisions.ts';
import { decodeVitals, decodeWaves } from './decode.ts';
import type { Decoded } from './envelope.ts';
import type { Hearing } from './hearing.ts';
import type { Intervals } from './intervals.ts';
import type { Live } from './live/live.ts';
import type { Block, Reading, Samples } from './record.ts';
import type { Registry } from './registry.ts';
import { createShow } from './show.ts';
import type { IngestStats } from './stats.ts';
import type { Timed } from './timing.ts';

/** What differs between the two channels that measure. */
export type Measurements<Kind extends 'vitals' | 'waves', Item> = {
  readonly kind: Kind;
  readonly decode: (payload: Buffer) => Decoded<Item>;
  readonly count: (block: Block<Item>) => void;
  /** What is to be done at the moment of the message, before any of it is shown; undefined: nothing, as nearly always. */
  readonly choose: (device: string, at: number, timed: readonly Timed<Item>[]) => ((at: number) => void) | undefined;
  readonly show: (bed: string, device: string, time: number, items: readonly Item[]) => void;
  /** How long it took to measure, from the block's time on. */
  readonly lastsMs: (items: readonly Item[]) => number;
  /** The decisions of alarms that it leads to. */
  readonly decide: (message: DeviceMessage, timed: readonly Timed<Item>[], clockStepMs: number) => Decision | undefined;
};

export type MeasuringDependencies = {
  readonly registry: () => Registry;
  readonly hearing: Pick<Hearing, 'heard'>;
  readonly intervals: Pick<Intervals, 'measured'>;
  readonly live: Pick<Live, 'vitals' | 'others' | 'waves'>;
  readonly alarms: Pick<Alarms, 'sources' | 'vitals' | 'sequence'>;
  readonly stats: IngestStats;
};

const createDecideVitals = ({
  registry,
  hearing,
  intervals,
  alarms,
}: MeasuringDependencies): Measurements<'vitals', Reading>['decide'] => {
  const hear = (device: string, receivedAt: number, { items, late, time }: Block<Reading>): void => {
    if (items.length === 0) return;
    hearing.heard(device, late ? 'late' : 'live', receivedAt);
    if (!late) intervals.measured(device, time);
  };

  return ({ device, receivedAt }, timed, clockStepMs) => {
    for (const { block } of timed) {
      if (block.seq >= 0) alarms.sequence(device, block.boot, block.seq, receivedAt);
      hear(device, receivedAt, block);
    }
    const live = timed.filter(({ block }) => !block.late);
    const bed = live[0]?.source.bed ?? (clockStepMs === 0 ? undefined : registry().bedOf(device, receivedAt));
    if (!bed) return undefined;
    return alarms.vitals(
      bed,
      device,
      receivedAt,
      live.map(({ block }) => block),
      clockStepMs,
    );
  };
};

export const measureVitals = (deps: MeasuringDependencies): Measurements<'vitals', Reading> => ({
  kind: 'vitals',
  decode: decodeVitals,
  count({ items, late }) {
    deps.stats.readings += items.length;
    if (late) deps.stats.late += items.length;
  },
  choose: deps.alarms.sources.choose,
  show: createShow(deps),
  lastsMs: () => 0,
  decide: createDecideVitals(deps),
});

export const measureWaves = ({ live, stats }: MeasuringDependencies): Measurements<'waves', Samples> => ({
  kind: 'waves',
  decode: decodeWaves,
  count({ items }) {
    stats.waveBlocks += items.length;
  },
  choose: () => undefined,
  show: live.waves,
  lastsMs(items) {
    let longestMs = 0;
    for (const { rate, samples } of items) longestMs = Math.max(longestMs, (samples.length / rate) * 1_000);
    return longestMs;
  },
  decide: () => undefined,
});
