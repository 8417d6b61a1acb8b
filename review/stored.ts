import type { AlarmEvent } from '#domain/alarms/alarm.ts';
import { readConfig, readEvent, readInput, readState, UnreadableFormatError } from '#domain/alarms/formats/upcast.ts';
import type { AlarmConfig } from '#domain/alarms/settings.ts';
import { compareByMoment, readMoment } from '#domain/moment.ts';
import type { Database } from '#platform/database.ts';
import type { Checkpoint, StoredInput } from './replay.ts';

/** Inputs, checkpoints and events as the station kept them. A subject is a bed, or the station itself: null. */

export type Subject = string | null;

type InputRow = { at: number; type: string; input: unknown; format: number };

const EPOCH_MS = '(extract(epoch from at) * 1000)::float8 as at';
/** The index needs `=`, which never matches null. */
const ofSubject = (subject: Subject): string =>
  subject === null ? 'bed_id is null and $1::text is null' : 'bed_id = $1';
const isoTime = (ms: number): string => new Date(ms).toISOString();

/** The row has no format: it was written by hand, or is damaged. A row of a newer release gives a NewerFormatError. */
export class UnreadableRecordError extends Error {
  override readonly name = 'UnreadableRecordError';
}

const readable = <Thing>(what: string, read: () => Thing): Thing => {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof UnreadableFormatError)) throw cause;
    throw new UnreadableRecordError(`${what} is not one: ${cause.message}`, { cause });
  }
};

/** Its time is that of the newest thing in it, which is exact, and not when it was written. */
const toCheckpoint = ({ at, input, format }: InputRow): Checkpoint =>
  readable(`the checkpoint of ${isoTime(at)}`, () => {
    const { state: stored, config } = input as { state?: unknown; config?: unknown };
    const state = readState(stored, format);
    return { type: 'checkpoint', at: state.at, state, config: config ? readConfig(config, format) : null };
  });

const toInput = (row: InputRow): StoredInput =>
  row.type === 'checkpoint'
    ? toCheckpoint(row)
    : readable(`the input of ${isoTime(row.at)} (${row.type})`, () => readInput(row.input, row.format));

type ConfigRow = { at: number; config: unknown; format: number };

const toConfig = (row: ConfigRow | undefined): AlarmConfig | undefined =>
  row && readable(`the settings of ${isoTime(row.at)}`, () => readConfig(row.config, row.format));

/** The checkpoint to begin at so that all from `atMs` on is known: the newest until then, else the first after it. */
export const findCheckpoint = async (
  database: Database,
  subject: Subject,
  atMs: number,
): Promise<Checkpoint | undefined> => {
  const one = async (bound: string, direction: string) => {
    const { rows } = await database.query<InputRow>(
      `select ${EPOCH_MS}, type, input, format from alarm_inputs
       where ${ofSubject(subject)} and type = 'checkpoint' and at ${bound} $2
       order by at ${direction}, journal_seq ${direction}, place ${direction} limit 1`,
      [subject, isoTime(atMs)],
    );
    return rows[0] && toCheckpoint(rows[0]);
  };
  return (await one('<=', 'desc')) ?? (await one('>', 'asc'));
};

/** Settings in force after all inputs up to a time, as the inputs say. */
export const findConfig = async (
  database: Database,
  subject: Subject,
  atMs: number,
): Promise<AlarmConfig | undefined> => {
  const { rows } = await database.query<ConfigRow>(
    `select ${EPOCH_MS}, input -> 'config' as config, format from alarm_inputs
     where ${ofSubject(subject)} and type in ('occupied', 'configured') and at <= $2
     order by at desc, journal_seq desc, place desc limit 1`,
    [subject, momentText(atMs)],
  );
  return toConfig(rows[0]);
};

/** The first settings that were ever an input of a subject. */
export const findEarliestConfig = async (database: Database, subject: Subject): Promise<AlarmConfig | undefined> => {
  const { rows } = await database.query<ConfigRow>(
    `select ${EPOCH_MS}, input -> 'config' as config, format from alarm_inputs
     where ${ofSubject(subject)} and type in ('occupied', 'configured')
     order by at, journal_seq, place limit 1`,
    [subject],
  );
  return toConfig(rows[0]);
};

/** Inputs and checkpoints after a checkpoint, up to a time, in their order. Few: some hundred a day and bed. */
export const readInputs = async (
  database: Database,
  subject: Subject,
  after: Checkpoint,
  toMs: number,
): Promise<StoredInput[]> => {
  const { rows } = await database.query<InputRow>(
    `select ${EPOCH_MS}, type, input, format from alarm_inputs
     where ${ofSubject(subject)} and at > $2 and at < $3
     order by at, journal_seq, place`,
    [subject, momentText(after.at), isoTime(toMs)],
  );
  return rows.map(toInput).sort(compareByMoment);
};

/** When the station next started after a time; undefined if another input came before that start. */
export const findResumed = async (
  database: Database,
  subject: Subject,
  afterMs: number,
): Promise<number | undefined> => {
  const { rows } = await database.query<InputRow>(
    `select ${EPOCH_MS}, type, input, format from alarm_inputs
     where ${ofSubject(subject)} and at >= $2 order by at, journal_seq, place limit 1`,
    [subject, isoTime(afterMs)],
  );
  return rows[0]?.type === 'resumed' ? rows[0].at : undefined;
};

type EventRow = { at: number; detail: unknown; format: number };

const toEvent = ({ at, detail, format }: EventRow): AlarmEvent =>
  readable(`the alarm event of ${isoTime(at)}`, () => readEvent(detail, format));

/** Events that were announced in [fromMs, toMs), in their order. */
export const readEvents = async (
  database: Database,
  subject: Subject,
  fromMs: number,
  toMs: number,
): Promise<AlarmEvent[]> => {
  const { rows } = await database.query<EventRow>(
    `select ${EPOCH_MS}, detail, format from alarm_events where ${ofSubject(subject)} and at >= $2 and at < $3
     order by at, journal_seq, place`,
    [subject, isoTime(fromMs), isoTime(toMs)],
  );
  return rows.map(toEvent);
};

/** Events before a time, in their order, of alarms of the last eight days that were still there then. */
export const readEventsBefore = async (database: Database, subject: Subject, atMs: number): Promise<AlarmEvent[]> => {
  const { rows } = await database.query<EventRow>(
    `select ${EPOCH_MS}, detail, format from alarm_events
     where at < $2 and alarm_id in (
       select id from alarms
       where not late and ${ofSubject(subject)} and decided_at < $2 and decided_at > $2::timestamptz - interval '8 days'
         and coalesce(ended_at, 'infinity') >= $2)
     order by at, journal_seq, place`,
    [subject, isoTime(atMs)],
  );
  return rows.map(toEvent);
};

/** The time goes as text, because neither a Date nor a float of seconds has the order within a millisecond. */
const momentText = (written: number): string => {
  const { ms, order } = readMoment(written);
  return new Date(ms).toISOString().replace('Z', `${String(order).padStart(3, '0')}Z`);
};
