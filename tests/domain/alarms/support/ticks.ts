import type { EngineEvent } from '#domain/alarms/alarm.ts';

const EVERY_MS = 997;

/** The same with time told about once a second; not while the station was away. */
export const withTicks = (events: readonly EngineEvent[]): EngineEvent[] => {
  const all: EngineEvent[] = [];
  let before = Number.POSITIVE_INFINITY;
  for (const event of events) {
    if (event.type !== 'resumed') {
      for (let at = before + EVERY_MS; at < event.at; at += EVERY_MS) all.push({ type: 'tick', at });
    }
    all.push(event);
    before = event.at;
  }
  return all;
};
