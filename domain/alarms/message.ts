import { VITAL_IDS } from '../vitals.ts';
import type { VitalsEvent } from './alarm.ts';
import { DECIDING, FOLLOWING, TRACKING } from './kinds/table.ts';
import { HEART } from './levels.ts';
import type { Start } from './limits.ts';
import { FIO2, followOxygen } from './oxygen.ts';
import { followPulse } from './pulse.ts';
import { type News, takeReading, vitalIndex } from './reading.ts';
import type { Transition } from './transition.ts';

/** A vitals message: each of its readings is taken in, and then all are judged together. */

/** The reading whose place is filled last counts; −1: the message has none. */
const places = new Int32Array(VITAL_IDS.length);

/** What each reading of the message was, by its place in the catalogue. */
const news: News[] = VITAL_IDS.map(() => 'none');

/** One start for all: what holds since then copies it. */
const start: { -readonly [Key in keyof Start]: Start[Key] } = { time: 0, at: 0 };

/** Whether there is anything to be decided of the vital by now. */
const trackReading = (transition: Transition, index: number, at: number): boolean => {
  start.time = transition.state.vitals[index]?.time ?? at;
  start.at = at;
  const isAnother = news[index] === 'another';
  let isTracked = false;
  for (let kind = 0; kind < TRACKING.length; kind++) {
    if (TRACKING[kind]?.(transition, index, at, start, isAnother, 'recovered')) isTracked = true;
  }
  return isTracked;
};

const forNews = (
  acts: readonly ((transition: Transition, index: number, at: number) => void)[],
  transition: Transition,
  at: number,
): void => {
  for (let index = 0; index < news.length; index++) {
    if (news[index] !== 'none') for (const act of acts) act(transition, index, at);
  }
};

/** All of a message are in before any is decided: what is announced as one is announced once, with all values (C9). */
const judge = (transition: Transition, at: number): void => {
  const { state } = transition;
  const { revision } = state;
  if (news[FIO2] !== 'none') followOxygen(transition, at);
  let isTracked = false;
  for (let index = 0; index < news.length; index++) {
    if (news[index] !== 'none' && trackReading(transition, index, at)) isTracked = true;
  }
  // Nearly every message ends here: nothing is past a limit, and nothing was.
  if (!isTracked && state.revision === revision) return;
  forNews(DECIDING, transition, at);
  if (state.revision !== revision) forNews(FOLLOWING, transition, at);
  if (news[HEART] !== 'none' && state.vitals[HEART]?.low) followPulse(transition, at);
};

/** False: the message has nothing new, and says nothing of the device as it is now. */
export const takeMessage = ({ time, readings }: VitalsEvent, transition: Transition, at: number): boolean => {
  // In the order of the catalogue, whatever order the device has (A4).
  places.fill(-1);
  for (let place = 0; place < readings.length; place++) {
    const index = vitalIndex(readings[place]?.mdc ?? 0);
    if (index >= 0) places[index] = place;
  }
  let isNews = false;
  for (let index = 0; index < places.length; index++) {
    const reading = readings[places[index] ?? -1];
    const one = reading ? takeReading(transition, index, reading, time, at) : 'none';
    news[index] = one;
    if (one !== 'none') isNews = true;
  }
  if (isNews) judge(transition, at);
  return isNews;
};
