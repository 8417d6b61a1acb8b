import { VITAL_IDS } from '../vitals.ts';
import type { VitalsEvent } from './alarm.ts';
import { DECIDING, FOLLOWING, PASSING_OVER, TRACKING, trackingBy } from './kinds/table.ts';
import { HEART } from './levels.ts';
import type { Start } from './limits.ts';
import { FIO2, followOxygen } from './oxygen.ts';
import { followPulse } from './pulse.ts';
import { type News, takeReading, vitalIndex } from './reading.ts';
import { comesFromSource } from './sources.ts';
import { passingDevice, type Transition } from './transition.ts';

/** Handles a vitals message: each of its readings is taken in, and then all are judged together. */

/** For each vital, the entry of its reading in the message, where the last one counts; −1: the message has none. */
const entries = new Int32Array(VITAL_IDS.length).fill(-1);

/** What each reading of the message was, indexed by the vital's place in the catalogue. */
const news: News[] = VITAL_IDS.map(() => 'none');

/**
 * The vitals that the message has, by their places in the catalogue in ascending order, as many as `heard` says. A bed sends
 * eight of them and the catalogue has many more: nothing looks at those that are not there.
 */
const present = new Int32Array(VITAL_IDS.length);
let heard = 0;

const notePresent = (index: number): void => {
  let at = heard++;
  for (; at > 0 && (present[at - 1] ?? 0) > index; at--) present[at] = present[at - 1] ?? 0;
  present[at] = index;
};

/** Makes the table ready for the next message. */
const forgetPresent = (): void => {
  for (let at = 0; at < heard; at++) {
    const index = present[at] ?? 0;
    entries[index] = -1;
    news[index] = 'none';
  }
  heard = 0;
};

/** One object for all vitals: whoever keeps a start copies its values. */
const start: { -readonly [Key in keyof Start]: Start[Key] } = { time: 0, at: 0 };

/** Follows one vital by its new value. True: there may be something to decide. */
const trackReading = (
  transition: Transition,
  index: number,
  at: number,
  byConfig: ReturnType<typeof trackingBy>,
): boolean => {
  const vital = transition.state.vitals[index];
  const tracking = vital && vital.courses !== null ? TRACKING : (byConfig[index] ?? TRACKING);
  start.time = vital?.time ?? at;
  start.at = at;
  const isAnother = news[index] === 'another';
  let isTracked = false;
  for (let kind = 0; kind < tracking.length; kind++) {
    if (tracking[kind]?.(transition, index, at, start, isAnother, 'recovered')) isTracked = true;
  }
  return isTracked;
};

const forNews = (
  acts: readonly ((transition: Transition, index: number, at: number) => void)[],
  transition: Transition,
  at: number,
): void => {
  for (let place = 0; place < heard; place++) {
    const index = present[place] ?? 0;
    if (news[index] !== 'none') for (const act of acts) act(transition, index, at);
  }
};

/**
 * Judges the readings once all of the message are in, so that what is announced as one is announced once, with all
 * values (C9).
 */
const judge = (transition: Transition, at: number): void => {
  const { state } = transition;
  const { revision } = state;
  if (news[FIO2] !== 'none') followOxygen(transition, at);
  const byConfig = trackingBy(transition.config);
  let isTracked = false;
  for (let place = 0; place < heard; place++) {
    const index = present[place] ?? 0;
    if (news[index] !== 'none' && trackReading(transition, index, at, byConfig)) isTracked = true;
  }
  // Nearly every message ends here: nothing is past a limit, and nothing was.
  if (!isTracked && state.revision === revision) return;
  forNews(DECIDING, transition, at);
  if (state.revision !== revision) forNews(FOLLOWING, transition, at);
  if (news[HEART] !== 'none' && state.vitals[HEART]?.low) followPulse(transition, at);
};

/** False: the message has nothing new, so it proves nothing about the present state of the device. */
export const takeMessage = (
  { time, readings }: VitalsEvent,
  transition: Transition,
  at: number,
  place: number,
): boolean => {
  const device = passingDevice(transition, place);
  // The readings are taken in the order of the catalogue, whatever order the device sends (A4).
  forgetPresent();
  for (let entry = 0; entry < readings.length; entry++) {
    const index = vitalIndex(readings[entry]?.mdc ?? 0);
    if (index < 0) continue;
    if (entries[index] === -1) notePresent(index);
    entries[index] = entry;
  }
  let isNews = false;
  for (let rank = 0; rank < heard; rank++) {
    const index = present[rank] ?? 0;
    const reading = readings[entries[index] ?? -1];
    if (reading === undefined) continue;
    const vital = transition.state.vitals[index];
    // Nearly every reading comes from the source of its vital, which a comparison tells.
    const isSource = vital?.source === device.id || comesFromSource(transition, index, device.id, time, at);
    const one = isSource ? takeReading(transition, index, reading, time, at, device) : 'none';
    news[index] = one;
    if (one !== 'none') isNews = true;
    if (isSource || time <= device.measuredAt) continue;
    // The device is heard all the same.
    isNews = true;
    for (const passOver of PASSING_OVER) passOver(transition, index, at, reading, device.id);
  }
  if (time > device.measuredAt) device.measuredAt = time;
  if (isNews) judge(transition, at);
  return isNews;
};
