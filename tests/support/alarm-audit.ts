import type { AlarmEvent } from '#domain/alarms/alarm.ts';
import { readEvent } from '#domain/alarms/formats/upcast.ts';
import type { Database } from '#platform/database.ts';
import { canonical, timeText } from '../../review/compare.ts';
import { verifySubject } from '../../review/verify.ts';
import type { AlarmChannel } from './alarm-channels.ts';

/** What must be so after a station was killed as often as one likes. Each answers with what is not so, in words. */

/** A frame is on its way for a while, and what is decided when the station dies is perhaps not announced. */
const ON_ITS_WAY_MS = 1_000;

type StoredEvent = { readonly bed: string | null; readonly event: AlarmEvent };

export const readStoredEvents = async (database: Database): Promise<StoredEvent[]> => {
  const { rows } = await database.query<{ bed: string | null; detail: unknown; format: number }>(
    'select bed_id as bed, detail, format from alarm_events order by journal_seq, place',
  );
  return rows.map(({ bed, detail, format }) => ({ bed, event: readEvent(detail, format) }));
};

const nameOf = (event: AlarmEvent): string =>
  'alarm' in event
    ? `${event.type} of ${event.alarm.id} ${event.alarm.kind} at ${timeText(event.at)}`
    : `${event.type} of ${event.inactivation.what} since ${event.inactivation.since} at ${timeText(event.at)}`;

/** All of it: of a backlog that comes at once, an alarm may end and come back many times within a millisecond. */
const keyOf = (event: AlarmEvent): string => canonical(event);

const twice = (events: readonly AlarmEvent[]): AlarmEvent[] => {
  const keys = new Set<string>();
  return events.filter((event) => keys.size === keys.add(keyOf(event)).size);
};

/** What the channel heard and the database does not have. An event is announced once the journal has it, and comes there a while later. */
export const notYetStored = (
  stored: readonly StoredEvent[],
  { events }: Pick<AlarmChannel, 'events'>,
): AlarmEvent[] => {
  const isStored = new Set(stored.map(({ event }) => keyOf(event)));
  return events.filter((event) => !isStored.has(keyOf(event)));
};

/** No event was announced twice; what was stored was announced to whoever was there; what was announced is stored. */
export const auditChannel = (stored: readonly StoredEvent[], channel: AlarmChannel): string[] => {
  const { name, events, seen, watched } = channel;
  const isAnnounced = new Set(events.map(keyOf));
  const isWatched = (at: number) =>
    watched.some(({ from, to }) => at > from + ON_ITS_WAY_MS && at < to - ON_ITS_WAY_MS);
  const unannounced = stored
    .map(({ event }) => event)
    .filter((event) => isWatched(event.at) && !isAnnounced.has(keyOf(event)));
  const unseen = new Map<string, boolean>();
  for (const { event } of stored) {
    if (!('alarm' in event) || seen.has(event.alarm.id)) continue;
    unseen.set(event.alarm.id, isWatched(event.at) || unseen.get(event.alarm.id) === true);
  }
  return [
    ...twice(events).map((event) => `announced twice to ${name}: ${nameOf(event)}`),
    ...unannounced.map((event) => `not announced to ${name}: ${nameOf(event)}`),
    ...[...unseen].filter(([, wasWatched]) => wasWatched).map(([id]) => `never seen by ${name}: ${id}`),
    ...notYetStored(stored, channel).map((event) => `announced to ${name} and not stored: ${nameOf(event)}`),
  ];
};

/** Each alarm begins once, and no second of its kind begins or moves in at its bed before it has ended there. */
export const auditEpisodes = (stored: readonly StoredEvent[]): string[] => {
  const open = new Map<string, string>();
  const begun = new Set<string>();
  const faults: string[] = [];
  for (const { bed, event } of stored) {
    if (!('alarm' in event)) continue;
    const { id, kind } = event.alarm;
    const place = `${bed} ${kind}`;
    if (event.type === 'onset' || event.type === 'moved-in') {
      if (event.type === 'onset' && begun.has(id)) faults.push(`${id} begins twice`);
      if (event.type === 'moved-in' && !begun.has(id)) faults.push(`${id} moves in and never began`);
      if (open.has(place)) faults.push(`${id} (${place}) begins while ${open.get(place)} is open`);
      begun.add(id);
      open.set(place, id);
    } else if (open.get(place) !== id) faults.push(`${nameOf(event)}: it is not open`);
    if (event.type === 'ended') open.delete(place);
  }
  return faults;
};

/** A limit of the script: readings below it for so long are an alarm of the kind. */
export type Expectation = { readonly vital: string; readonly below: number; readonly delayMs: number };

/** C2. Rows of readings below a limit, of one life of the station, that lasted: an alarm was open at their end. */
export const auditConditions = async (
  database: Database,
  deaths: readonly number[],
  { vital, below, delayMs }: Expectation,
): Promise<{ readonly faults: string[]; readonly lasted: number }> => {
  const { rows } = await database.query<{ bed: string; time: number; at: number; value: number | null }>(
    `select bed_id as bed, extract(epoch from time)::float8 * 1000 as time, value,
       extract(epoch from received_at)::float8 * 1000 as at
     from vitals join series on series.id = series_id where signal = $1 and not late order by bed_id, received_at, time`,
    [vital],
  );
  const { rows: alarms } = await database.query<{ bed: string; from: number; to: number | null }>(
    `select bed_id as bed, extract(epoch from decided_at)::float8 * 1000 as from,
       extract(epoch from ended_at)::float8 * 1000 as to from alarms where kind = $1`,
    [`${vital}-low`],
  );
  const lifeOf = (at: number) => deaths.filter((death) => death <= at).length;
  const faults: string[] = [];
  let lasted = 0;
  let since: { bed: string; life: number; time: number } | undefined;
  let newest = Number.NEGATIVE_INFINITY;
  for (const { bed, time, at, value } of rows) {
    if (since?.bed !== bed) newest = Number.NEGATIVE_INFINITY;
    // Overtaken by a newer one: it decides nothing.
    if (since?.bed === bed && time <= newest) continue;
    newest = time;
    const life = lifeOf(at);
    if (value === null || value >= below) {
      since = undefined;
      continue;
    }
    if (since?.bed !== bed || since.life !== life) since = { bed, life, time };
    if (time - since.time < delayMs) continue;
    lasted++;
    const isOpen = alarms.some(
      (alarm) => alarm.bed === bed && alarm.from <= at && (alarm.to === null || alarm.to >= at),
    );
    if (!isOpen)
      faults.push(`${bed}: ${vital} below ${below} from ${timeText(since.time)} to ${timeText(time)}, no alarm`);
  }
  return { faults, lasted };
};

/** G5. `beds` and the station itself. */
export const auditByVerify = async (
  database: Database,
  beds: readonly string[],
  range: { readonly fromMs: number; readonly toMs: number },
): Promise<{ readonly faults: string[]; readonly announced: number }> => {
  const faults: string[] = [];
  let announced = 0;
  for (const subject of [null, ...beds]) {
    const verdict = await verifySubject(database, subject, range);
    announced += verdict.announced;
    for (const { at, text } of verdict.differences) faults.push(`${subject ?? 'the station'} ${timeText(at)} ${text}`);
    if (!verdict.judged) faults.push(`${subject ?? 'the station'} was not judged: ${verdict.notes.join('; ')}`);
  }
  return { faults, announced };
};
