import type { Alarm, AlarmEvent } from '#domain/alarms/alarm.ts';
import { readMoment } from '#domain/moment.ts';

/**
 * Compares the events that follow from what is stored with those that were announced. Events of one kind are compared
 * in their order; the same event at another time is one difference and not two.
 */

export type Difference = {
  /** Epoch milliseconds. */
  readonly at: number;
  /** `missing`: it follows, and was not announced. `unexpected`: announced, and does not follow. */
  readonly what: 'missing' | 'unexpected' | 'other' | 'settings';
  readonly text: string;
};

/** Two events of one kind that are further apart are two events, and not one at another time. */
const SAME_EVENT_MS = 60_000;

/** What an event is, without its time: only events of one such stream are compared. */
const streamOf = (event: AlarmEvent): string =>
  'alarm' in event
    ? `${event.alarm.kind} ${event.type}`
    : `${event.inactivation.what} of ${event.inactivation.kind ?? 'all'} ${event.type}`;

/** UTC, to what a person reads; the order within the millisecond only where there is one. */
export const timeText = (written: number): string => {
  const { ms, order } = readMoment(written);
  const text = new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
  return order === 0 ? text : `${text}${String(order).padStart(3, '0')}`;
};

const valueText = (value: unknown): string => {
  if (value === null || value === undefined) return 'none';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

const eventText = (event: AlarmEvent): string => {
  const by = event.by === null ? '' : ` by ${event.by}`;
  if (!('alarm' in event)) return `${streamOf(event)}${by}`;
  const { kind, condition, priority, value, limit } = event.alarm;
  const past = value === null ? '' : `, value ${value}${limit === null ? '' : `, limit ${limit}`}`;
  const cause = event.cause === null ? '' : ` (${event.cause})`;
  return `${kind} ${event.type}${cause}${by}: ${condition}, ${priority}${past}`;
};

const TIMES = new Set(['at', 'startedAt', 'decidedAt', 'measuredAt', 'receivedAt', 'since', 'until']);

const WORDS: Readonly<Record<string, string>> = {
  startedAt: 'started at',
  decidedAt: 'decided at',
  measuredAt: 'measured at',
  receivedAt: 'received at',
  worst: 'farthest value',
  config: 'settings version',
};

type Fields = Readonly<Record<string, unknown>>;

const alarmFields = ({ id: _, ...alarm }: Alarm): Fields => alarm;
const fieldsOf = (event: AlarmEvent): Fields => {
  if ('alarm' in event) return { at: event.at, cause: event.cause, by: event.by, ...alarmFields(event.alarm) };
  const { covered, by: _, ...inactivation } = event.inactivation;
  return { at: event.at, by: event.by, ...inactivation, covered: covered.length };
};

const isSame = (one: unknown, other: unknown): boolean =>
  typeof one === 'object' && typeof other === 'object' && one !== null && other !== null
    ? canonical(one) === canonical(other)
    : one === other;

/** Regardless of the order of keys, which a database does not keep. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );

const fieldText = (name: string, expected: unknown, announced: unknown): string => {
  const show = (value: unknown) => (TIMES.has(name) && typeof value === 'number' ? timeText(value) : valueText(value));
  return `${WORDS[name] ?? name} expected ${show(expected)}, announced ${show(announced)}`;
};

type Streams = Map<string, { expected: AlarmEvent[]; announced: AlarmEvent[] }>;

const byStream = (expected: readonly AlarmEvent[], announced: readonly AlarmEvent[]): Streams => {
  const streams: Streams = new Map();
  const of = (event: AlarmEvent) => {
    const key = streamOf(event);
    const known = streams.get(key) ?? { expected: [], announced: [] };
    streams.set(key, known);
    return known;
  };
  for (const event of expected) of(event).expected.push(event);
  for (const event of announced) of(event).announced.push(event);
  return streams;
};

/** Pairs of one stream, by time; undefined on the side where there is none. */
const pair = (
  expected: readonly AlarmEvent[],
  announced: readonly AlarmEvent[],
): [AlarmEvent | undefined, AlarmEvent | undefined][] => {
  const pairs: [AlarmEvent | undefined, AlarmEvent | undefined][] = [];
  let ours = 0;
  let theirs = 0;
  for (;;) {
    const one = expected[ours];
    const other = announced[theirs];
    if (!one && !other) return pairs;
    const isEarlier = !!one && (!other || one.at < other.at);
    const isLater = !!other && (!one || other.at < one.at);
    const after = isEarlier ? expected[ours + 1] : isLater ? announced[theirs + 1] : undefined;
    const facing = isEarlier ? other : one;
    // The nearer of two is the one that is meant.
    const isTheOneMeant =
      one && other && Math.abs(one.at - other.at) <= SAME_EVENT_MS && !(after && facing && after.at <= facing.at);
    if (isTheOneMeant || (!isEarlier && !isLater)) {
      pairs.push([one, other]);
      ours++;
      theirs++;
    } else if (isEarlier) {
      pairs.push([one, undefined]);
      ours++;
    } else {
      pairs.push([undefined, other]);
      theirs++;
    }
  }
};

/**
 * Every difference, by time. `present`: ids of alarms that were there at the beginning, the same on both sides. Ids made
 * later may differ, but what was one alarm must be one on the other side.
 */
export const compareEvents = (
  expected: readonly AlarmEvent[],
  announced: readonly AlarmEvent[],
  present: readonly string[] = [],
): Difference[] => {
  const differences: Difference[] = [];
  const announcedAs = new Map(present.map((id) => [id, id]));
  const paired: [AlarmEvent, AlarmEvent][] = [];
  for (const [key, stream] of byStream(expected, announced)) {
    for (const [one, other] of pair(stream.expected, stream.announced)) {
      if (one && other) paired.push([one, other]);
      else if (one) differences.push({ at: one.at, what: 'missing', text: `not announced: ${eventText(one)}` });
      else if (other)
        differences.push({ at: other.at, what: 'unexpected', text: `does not follow: ${eventText(other)}` });
      if (one && other && one.type === 'onset' && 'alarm' in one && 'alarm' in other) {
        announcedAs.set(one.alarm.id, other.alarm.id);
      }
      if (one && other) {
        const [ours, theirs] = [fieldsOf(one), fieldsOf(other)];
        const fields = Object.keys({ ...ours, ...theirs }).filter((name) => !isSame(ours[name], theirs[name]));
        if (fields.length === 0) continue;
        const words = fields.map((name) => fieldText(name, ours[name], theirs[name]));
        differences.push({ at: other.at, what: 'other', text: `${key}: ${words.join('; ')}` });
      }
    }
  }
  for (const [one, other] of paired) {
    if (!('alarm' in one) || !('alarm' in other)) continue;
    const wanted = announcedAs.get(one.alarm.id);
    if (wanted === undefined || wanted === other.alarm.id) continue;
    const text = `${streamOf(other)}: of the alarm ${wanted} expected, of ${other.alarm.id} announced`;
    differences.push({ at: other.at, what: 'other', text });
  }
  return differences.sort((one, other) => one.at - other.at);
};
