import { z } from 'zod';
import { MonitorAlarm } from './alarm.ts';
import { Place, Track } from './order.ts';

/** What is remembered of the monitors' alarms of one bed. Plain JSON, so that it can be stored and read back. */

export const Episode = z.object({
  alarm: MonitorAlarm,
  /** The newest that was told of it. */
  place: Place,
  /** When it was last heard that it holds, by the station's clock. */
  confirmedAt: z.number(),
  /** How far apart its `continue` were at most; null: it has sent none. */
  continueMs: z.number().nullable(),
  /** When a point in time has been shown for long enough; null: it stays. */
  passesAt: z.number().nullable(),
});
export type Episode = z.infer<typeof Episode>;

export const MonitorState = z.object({
  bed: z.string(),
  at: z.number(),
  /** How many alarms there were, for their ids. */
  count: z.int(),
  encounter: z.int().nullable(),
  devices: z.array(z.string()),
  tracks: z.array(Track),
  episodes: z.array(Episode),
  /** Counts the changes. */
  revision: z.int(),
});
export type MonitorState = z.infer<typeof MonitorState>;

/** The format that is written today of states, inputs and events. */
export const MONITOR_FORMAT = 1;

export const initialMonitorState = (bed: string): MonitorState => ({
  bed,
  at: 0,
  count: 0,
  encounter: null,
  devices: [],
  tracks: [],
  episodes: [],
  revision: 0,
});

/** The alarms that are open, in the order in which they began. */
export const openMonitorAlarms = ({ episodes }: MonitorState): readonly MonitorAlarm[] =>
  episodes.map(({ alarm }) => alarm);

/** A `continue` that is missing may have been lost once; the third would be due by then. [?] */
const MISSING_AFTER_INTERVALS = 2.5;
/** The network alone can hold a message up for so long. [?] */
const MISSING_AFTER_MS = 5_000;
/** A slower rhythm than this is none that anybody can wait for. [?] */
const MAX_CONTINUE_MS = 300_000;

/** When an alarm whose `continue` does not come is not confirmed any more; null: none is expected. */
const unconfirmedAt = ({ alarm, confirmedAt, continueMs }: Episode): number | null => {
  if (alarm.state !== 'active' || alarm.unconfirmed !== null || continueMs === null) return null;
  return confirmedAt + Math.max(MISSING_AFTER_MS, MISSING_AFTER_INTERVALS * Math.min(continueMs, MAX_CONTINUE_MS));
};

/** When something happens to the episode by time alone; null: nothing will. */
export const episodeDueAt = (episode: Episode): number | null => episode.passesAt ?? unconfirmedAt(episode);

/** When something happens at the bed by time alone; null: nothing will. */
export const monitorDueAt = ({ episodes }: MonitorState): number | null =>
  episodes.reduce<number | null>((earliest, episode) => {
    const due = episodeDueAt(episode);
    return due === null ? earliest : Math.min(due, earliest ?? due);
  }, null);
