import { expect, test } from 'vitest';
import type { MonitorStepEvent, ReportedAlarm, ReportedInput } from '#domain/monitor-alarms/alarm.ts';
import type { Phase } from '#domain/monitor-alarms/names.ts';
import { createRandom, type Random } from '../../../simulators/random.ts';
import { naiveOpen, type Open } from './support/naive.ts';
import { entryOf, reportOf, runAll } from './support/reports.ts';

/** A monitor whose messages are lost, doubled and overtaken, that starts anew, and sends snapshots. */

const HISTORIES = 1_000;
const NUMBERS = ['1', '2', '3', '4'] as const;
const ONGOING = ['continue', 'continue', 'update', 'escalate', 'de-escalate'] as const;
const PRIORITIES = ['low', 'medium', 'high'] as const;

type Monitor = { boot: number; seq: number; readonly active: Set<string> };

const entryNow = (random: Random, monitor: Monitor): ReportedAlarm => {
  const number = random.pick(NUMBERS);
  if (!monitor.active.has(number)) {
    monitor.active.add(number);
    return entryOf('start', { number, priority: random.pick(PRIORITIES) });
  }
  if (random.chance(0.35)) {
    monitor.active.delete(number);
    return entryOf(random.chance(0.2) ? 'reset' : 'end', { number });
  }
  const phase: Phase = random.pick(ONGOING);
  return entryOf(phase, { number, priority: random.chance(0.5) ? random.pick(PRIORITIES) : null });
};

const snapshotOf = ({ active }: Monitor): ReportedAlarm[] =>
  [...active].map((number) => entryOf('continue', { number, priority: 'high' }));

const messageNow = (random: Random, monitor: Monitor, at: number): ReportedInput => {
  if (random.chance(0.06)) {
    monitor.boot += 1;
    monitor.seq = 0;
    monitor.active.clear();
  }
  const isSnapshot = random.chance(0.15);
  const alarms = isSnapshot ? snapshotOf(monitor) : [entryNow(random, monitor)];
  return reportOf(at, alarms, { boot: `b${monitor.boot}`, seq: monitor.seq++, snapshot: isSnapshot });
};

/** What arrives of it, in which order and how often. */
const onTheWay = (random: Random, sent: readonly ReportedInput[]): ReportedInput[] => {
  const arrived: ReportedInput[] = [];
  for (const message of sent) {
    if (random.chance(0.2)) continue;
    const place = random.chance(0.15) ? Math.max(0, arrived.length - 1) : arrived.length;
    arrived.splice(place, 0, message);
    if (random.chance(0.15)) arrived.push(message);
  }
  return arrived.map((message, index) => ({ ...message, at: 1_000 * (index + 1) }));
};

const openOf = (events: readonly MonitorStepEvent[]) => {
  const { open, happened } = runAll(events);
  const names = new Map(happened.map(({ alarm }) => [alarm.id, `${alarm.boot}/${alarm.number}`]));
  const reported = open.filter(({ kind }) => kind === 'reported');
  const found: Open[] = reported
    .map(({ boot, number, state, acknowledged }) => ({
      name: `${boot}/${number}`,
      state,
      isAnswered: acknowledged !== null,
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  return { found, names, reported };
};

/** Somebody acknowledges what is open, now and then. */
const withAnswers = (random: Random, messages: readonly ReportedInput[]): MonitorStepEvent[] => {
  const events: MonitorStepEvent[] = [];
  for (const message of messages) {
    events.push(message);
    if (!random.chance(0.1)) continue;
    const [first] = openOf(events).reported;
    if (first) events.push({ type: 'acknowledge', at: message.at + 1, by: 'Ada', alarm: first.id });
  }
  return events;
};

test(`${HISTORIES} random histories leave open what a naive model leaves open, after each message`, () => {
  let compared = 0;
  let latched = 0;
  for (let seed = 0; seed < HISTORIES; seed++) {
    const random = createRandom(seed);
    const monitor: Monitor = { boot: 1, seq: 0, active: new Set() };
    const sent = Array.from({ length: 20 }, (_, index) => messageNow(random, monitor, index));
    const events = withAnswers(random, onTheWay(random, sent));
    for (let length = 1; length <= events.length; length++) {
      const heard = events.slice(0, length);
      const { found, names } = openOf(heard);
      expect({ seed, length, open: found }).toEqual({
        seed,
        length,
        open: naiveOpen(heard, (id) => names.get(id) ?? ''),
      });
      compared++;
      latched += found.filter(({ state }) => state === 'latched').length;
    }
  }
  expect(compared).toBeGreaterThan(HISTORIES * 10);
  // The histories must reach what they are for.
  expect(latched).toBeGreaterThan(HISTORIES);
}, 120_000);
