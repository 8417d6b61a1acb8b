import type { AlarmEvent, AlarmInput, EngineEvent, TickEvent, VitalsEvent } from '#domain/alarms/alarm.ts';
import { step } from '#domain/alarms/engine.ts';
import type { AlarmConfig } from '#domain/alarms/settings.ts';
import { type AlarmState, openAlarms } from '#domain/alarms/state.ts';
import { compareByMoment, readMoment } from '#domain/moment.ts';

/**
 * The engine once more over what it was given.
 *
 *   inputs ───┐
 *   messages ─┴▶ merge by `at` ─▶ replay: step ─▶ events
 *
 * No message and input ever share a moment (`domain/moment.ts`).
 */

/** Where the engine stood after all that was before it, and by which settings. */
export type Checkpoint = {
  readonly type: 'checkpoint';
  readonly at: number;
  readonly state: AlarmState;
  /** null: kept by none; those of the inputs are in force. */
  readonly config: AlarmConfig | null;
};

export type StoredInput = AlarmInput | Checkpoint;
export type ReplayItem = EngineEvent | Checkpoint;

/** Inputs and messages as one, by time. Both come sorted; inputs that share a moment keep their order. */
export async function* merge(
  inputs: readonly (StoredInput | TickEvent)[],
  messages: AsyncIterable<readonly VitalsEvent[]>,
): AsyncGenerator<ReplayItem[]> {
  let next = 0;
  for await (const page of messages) {
    const items: ReplayItem[] = [];
    for (const message of page) {
      for (let input = inputs[next]; input && compareByMoment(input, message) < 0; input = inputs[next]) {
        items.push(input);
        next++;
      }
      items.push(message);
    }
    yield items;
  }
  if (next < inputs.length) yield inputs.slice(next);
}

export type ReplayOptions = {
  readonly from: Checkpoint;
  /** Settings in force until the first input says others. */
  readonly config: AlarmConfig;
  /** Makes others of the settings in force. */
  readonly change?: (config: AlarmConfig) => AlarmConfig;
  /** The kind of an alarm that was announced, by its id: what an operator did is done to its like here. */
  readonly kindOf?: (alarm: string) => string | undefined;
};

export type Replay = {
  readonly take: (item: ReplayItem) => readonly AlarmEvent[];
  readonly state: () => AlarmState;
  readonly config: () => AlarmConfig;
};

const asIs = (config: AlarmConfig): AlarmConfig => config;

/**
 * Settings are those of the newest `occupied` or `configured`. A later checkpoint corrects the state, because a station
 * that was killed went on from what it had on disk. With changed settings checkpoints are not used: they belong to
 * another course of events, of which only the beginning is shared.
 */
export const createReplay = ({ from, config: first, change, kindOf }: ReplayOptions): Replay => {
  const settled = change ?? asIs;
  let { state } = from;
  let config = settled(first);

  /** Ids have running numbers: one alarm more or less, and those after it have others. */
  const likeOf = (id: string): string => {
    const open = openAlarms(state);
    if (open.some((alarm) => alarm.id === id)) return id;
    const kind = kindOf?.(id);
    return open.find((alarm) => alarm.kind === kind)?.id ?? id;
  };

  const translate = (event: EngineEvent): EngineEvent => {
    if (event.type === 'occupied' || event.type === 'configured') return { ...event, config: settled(event.config) };
    if (event.type === 'acknowledge') return { ...event, alarm: likeOf(event.alarm) };
    if (event.type === 'reset' && event.alarm !== null) return { ...event, alarm: likeOf(event.alarm) };
    return event;
  };

  const feed = (event: EngineEvent): readonly AlarmEvent[] => {
    const result = step(state, event, config);
    state = result.state;
    return result.events;
  };

  /** Messages of one millisecond: a checkpoint may have been made between two. To the engine one again is no news. */
  let together: VitalsEvent[] = [];

  return {
    take(item) {
      if (item.type === 'vitals') {
        if (together[0]?.at !== item.at) together = [];
        together.push(item);
        return feed(item);
      }
      if (item.type === 'checkpoint') {
        // The station had decided what was due before it wrote its checkpoint.
        const events = feed({ type: 'tick', at: item.at });
        if (change) return events;
        state = item.state;
        if (together[0]?.at === readMoment(item.at).ms) for (const message of together) feed(message);
        return events;
      }
      if (item.type === 'tick') return feed(item);
      const events = feed(translate(item));
      // What was due before it was due by the settings before it.
      if (item.type === 'occupied' || item.type === 'configured') config = settled(item.config);
      return events;
    },
    state: () => state,
    config: () => config,
  };
};
