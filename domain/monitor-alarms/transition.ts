import type { MonitorAlarm, MonitorAlarmEvent, MonitorEndCause, MonitorEventType } from './alarm.ts';
import type { Track } from './order.ts';
import type { Episode, MonitorState } from './state.ts';

/** A step in the making: the only way to change a state. What is handed in is not changed. */
export type Transition = { state: MonitorState; readonly events: MonitorAlarmEvent[] };

export const begin = (state: MonitorState): Transition => ({ state, events: [] });

export const edit = (transition: Transition, change: Partial<MonitorState>): void => {
  const { state } = transition;
  transition.state = { ...state, ...change, revision: state.revision + 1 };
};

export type Happening = {
  readonly type: MonitorEventType;
  readonly at: number;
  readonly by?: string | null;
  readonly cause?: MonitorEndCause | null;
};

const tell = (transition: Transition, alarm: MonitorAlarm, { type, at, by = null, cause = null }: Happening): void => {
  transition.events.push({ type, at, alarm, by, cause });
};

export const findEpisode = (
  { state }: Transition,
  { device, boot, number }: Pick<MonitorAlarm, 'device' | 'boot' | 'number'>,
): Episode | undefined =>
  state.episodes.find(
    ({ alarm }) =>
      alarm.kind === 'reported' && alarm.device === device && alarm.boot === boot && alarm.number === number,
  );

/** The id says when, where and which, so that no two alarms ever have the same. */
export const openEpisode = (transition: Transition, at: number, make: (id: string) => Episode): void => {
  const { state } = transition;
  const count = state.count + 1;
  const episode = make(`${Math.floor(at).toString(36)}-${state.bed}-m${count}`);
  edit(transition, { count, episodes: [...state.episodes, episode] });
  tell(transition, episode.alarm, { type: 'onset', at });
};

/** Puts the episode in the place of the one with its id, and tells what happened; without a happening nobody need know. */
export const putEpisode = (transition: Transition, episode: Episode, happening?: Happening): void => {
  const { episodes } = transition.state;
  edit(transition, { episodes: episodes.map((each) => (each.alarm.id === episode.alarm.id ? episode : each)) });
  if (happening) tell(transition, episode.alarm, happening);
};

export const endEpisode = (transition: Transition, { alarm }: Episode, happening: Omit<Happening, 'type'>): void => {
  const { episodes } = transition.state;
  edit(transition, { episodes: episodes.filter((each) => each.alarm.id !== alarm.id) });
  tell(transition, alarm, { ...happening, type: 'ended' });
};

export const trackOf = ({ state }: Transition, device: string): Track | undefined =>
  state.tracks.find((track) => track.device === device);

export const putTrack = (transition: Transition, track: Track): void => {
  const others = transition.state.tracks.filter(({ device }) => device !== track.device);
  edit(transition, { tracks: [...others, track] });
};
