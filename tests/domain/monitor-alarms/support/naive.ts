import type { MonitorStepEvent, ReportedInput } from '#domain/monitor-alarms/alarm.ts';

/**
 * What is open after a history, decided anew from all that was heard, in the most obvious way: each alarm for itself, by
 * going through the whole history from its beginning and asking of each message whether anything heard before was newer.
 */
export type Open = { readonly name: string; readonly state: string; readonly isAnswered: boolean };

const ENDS = new Set(['end', 'reset']);

/** The boot that was the present one when each message came; it changes with a boot that was never heard before. */
const bootsOf = (events: readonly MonitorStepEvent[]): Map<MonitorStepEvent, string> => {
  const heard: string[] = [];
  const present = new Map<MonitorStepEvent, string>();
  for (const event of events) {
    if (event.type === 'reported' && !heard.includes(event.boot)) heard.push(event.boot);
    present.set(event, heard.at(-1) ?? '');
  }
  return present;
};

const isOutdone = (message: ReportedInput, number: string, earlier: readonly ReportedInput[]): boolean =>
  earlier.some(
    (other) =>
      other.boot === message.boot &&
      other.seq >= message.seq &&
      (other.snapshot || other.alarms.some((entry) => entry.number === number)),
  );

type Alarm = { state: 'none' | 'active' | 'latched'; isAnswered: boolean; priority: string; lastSeq: number };

const hearEntry = (alarm: Alarm, message: ReportedInput, number: string, isPresent: boolean): void => {
  for (const entry of message.alarms.filter((each) => each.number === number)) {
    alarm.lastSeq = message.seq;
    if (ENDS.has(entry.phase)) {
      if (alarm.state === 'active' || (alarm.state === 'latched' && entry.phase === 'reset')) alarm.state = 'none';
      continue;
    }
    if (!isPresent) continue;
    if (alarm.state !== 'active') alarm.isAnswered = false;
    alarm.state = 'active';
    const before = alarm.priority;
    alarm.priority = entry.priority ?? alarm.priority;
    const order = ['low', 'medium', 'high'];
    if (entry.phase === 'escalate' && order.indexOf(alarm.priority) >= order.indexOf(before)) alarm.isAnswered = false;
    if (order.indexOf(alarm.priority) > order.indexOf(before)) alarm.isAnswered = false;
  }
};

const lifeOf = (boot: string, number: string, events: readonly MonitorStepEvent[], idsOf: (id: string) => string) => {
  const present = bootsOf(events);
  const earlier: ReportedInput[] = [];
  const alarm: Alarm = { state: 'none', isAnswered: false, priority: 'high', lastSeq: -1 };
  for (const event of events) {
    if (event.type === 'acknowledge' && idsOf(event.alarm) === `${boot}/${number}`) {
      if (alarm.state === 'latched') alarm.state = 'none';
      else if (alarm.state === 'active') alarm.isAnswered = true;
    }
    if (event.type !== 'reported') continue;
    const isPresent = present.get(event) === event.boot;
    if (event.boot === boot && !isOutdone(event, number, earlier)) {
      const wasNone = alarm.state === 'none';
      if (wasNone) Object.assign(alarm, { priority: 'high', isAnswered: false });
      hearEntry(alarm, event, number, isPresent);
    }
    const isFirst = !earlier.some((other) => other.snapshot && other.boot === event.boot && other.seq >= event.seq);
    const isNamed = event.boot === boot && event.alarms.some((entry) => entry.number === number);
    const isNewer = event.boot !== boot || event.seq > alarm.lastSeq;
    if (event.snapshot && isPresent && isFirst && !isNamed && isNewer && alarm.state === 'active') {
      alarm.state = alarm.priority === 'high' && !alarm.isAnswered ? 'latched' : 'none';
    }
    earlier.push(event);
  }
  return alarm;
};

/** `nameOf`: the boot and number of an alarm by its id. */
export const naiveOpen = (events: readonly MonitorStepEvent[], nameOf: (id: string) => string): Open[] => {
  const messages = events.filter((event): event is ReportedInput => event.type === 'reported');
  const names = new Set(messages.flatMap(({ boot, alarms }) => alarms.map(({ number }) => `${boot}/${number}`)));
  return [...names].sort().flatMap((name) => {
    const [boot = '', number = ''] = name.split('/');
    const { state, isAnswered } = lifeOf(boot, number, events, nameOf);
    return state === 'none' ? [] : [{ name, state, isAnswered }];
  });
};
