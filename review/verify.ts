import type { AlarmEvent } from '#domain/alarms/alarm.ts';
import { openAlarms } from '#domain/alarms/state.ts';
import { readMoment } from '#domain/moment.ts';
import type { Database } from '#platform/database.ts';
import { notesOn, storedUntil } from './caveats.ts';
import { compareEvents, type Difference, timeText } from './compare.ts';
import { lateCaveatText, readLateCaveats } from './late-caveats.ts';
import { type Past, readPast } from './past.ts';
import { readMessages } from './readings.ts';
import { createReplay, merge, type ReplayItem } from './replay.ts';
import { checkCheckpoints, checkSettings } from './settings-check.ts';
import { readEvents, type Subject } from './stored.ts';

/** Compares the alarms that were announced with those that follow from what is stored: G5 of the specification. */

export type VerifyRange = { readonly fromMs: number; readonly toMs: number };

export type Verdict = {
  readonly subject: Subject;
  /**
   * The range that was judged. It begins later than asked for when no state before it is known. null: no part could be
   * judged.
   */
  readonly judged: VerifyRange | null;
  readonly differences: readonly Difference[];
  readonly readings: number;
  /** Events that follow, and events that were announced. */
  readonly expected: number;
  readonly announced: number;
  /** What could not be judged, in words. */
  readonly notes: readonly string[];
};

/** Shortly before the newest stored event others may still be on their way: a batch takes several statements. */
const SETTLED_MS = 5_000;

/** A range that goes up to now always ends a little before it: only a longer part that was not judged is worth a note. */
const WORTH_A_NOTE_MS = 60_000;

/**
 * A decision this shortly before the station ended was perhaps not stored and so not announced: it was decided again.
 */
const UNANNOUNCED_MS = 1_000;

const noMessages = async function* (): AsyncGenerator<never> {};

const isAnyHere = async (database: Database, subject: Subject, { fromMs, toMs }: VerifyRange): Promise<boolean> => {
  const range = [subject, new Date(fromMs), new Date(toMs)];
  const { rows } = await database.query<{ any: boolean }>(
    `select exists (
       select from alarm_events where bed_id is not distinct from $1 and at >= $2 and at < $3
     ) or exists (
       select from vitals where series_id = any(array(select id from series where bed_id = $1))
         and not late and time >= $2 and time < $3
     ) as any`,
    range,
  );
  return rows[0]?.any ?? false;
};

const nothing = (subject: Subject, notes: readonly string[]): Verdict => ({
  subject,
  judged: null,
  differences: [],
  readings: 0,
  expected: 0,
  announced: 0,
  notes,
});

/** An event with the very time of the checkpoint was decided before the checkpoint was made. */
const isWithin =
  ({ fromMs, toMs }: VerifyRange, checkpointAt: number) =>
  ({ at }: { at: number }) =>
    at >= fromMs && at < toMs && at > checkpointAt;

/** `onProgress`: how far it is in the range, from 0 to 1. Rejects when the database is away or holds what cannot be read. */
export const verifySubject = async (
  database: Database,
  subject: Subject,
  asked: VerifyRange,
  onProgress: (share: number) => void = () => {},
): Promise<Verdict> => {
  const newest = await storedUntil(database, subject, asked.toMs + 2 * SETTLED_MS);
  const toMs = Math.min(asked.toMs, newest - SETTLED_MS);
  const past = toMs > asked.fromMs ? await readPast(database, subject, asked.fromMs, toMs) : undefined;
  const fromMs = Math.max(asked.fromMs, past?.from.at ?? asked.fromMs);
  const range = { fromMs, toMs };
  const name = subject === null ? 'the station' : subject;
  const isShort = asked.toMs - toMs > WORTH_A_NOTE_MS;
  const ending = isShort ? [`judged until ${timeText(toMs)}: nothing much later is stored`] : [];
  if (fromMs >= toMs) return nothing(subject, [`nothing is stored of ${name} that could be judged`, ...ending]);
  if (!past) {
    const isUnknown = await isAnyHere(database, subject, range);
    return nothing(subject, isUnknown ? [`there is no checkpoint of ${name} to begin at`] : []);
  }
  const { from, config, inputs } = past;

  const caveats =
    subject === null ? [] : await readLateCaveats(database, [null, subject, new Date(fromMs), new Date(toMs)]);
  const notes = [...ending, ...(await notesOn(database, subject, range)), ...caveats.map(lateCaveatText)];
  if (fromMs > asked.fromMs) notes.push(`judged from ${timeText(fromMs)}: there is no checkpoint before`);
  const announced = (await readEvents(database, subject, fromMs - SETTLED_MS, toMs)).filter(isWithin(range, from.at));
  const { expected, readings, present } = await recompute(database, subject, { past, range, announced, onProgress });

  const withSettings = inputs.filter((input) => input.type === 'occupied' || input.type === 'configured');
  const differences = [
    ...compareEvents(expected, announced, present),
    ...checkCheckpoints(config, [from, ...inputs]),
    ...(await checkSettings(database, [{ at: from.at, config }, ...withSettings])),
  ].sort((one, other) => one.at - other.at);
  return {
    subject,
    judged: range,
    differences,
    readings,
    expected: expected.length,
    announced: announced.length,
    notes,
  };
};

/** The moment, kind and type of an event: an acknowledgement may set another alarm free in its own moment. */
const occurrenceOf = (event: AlarmEvent): string =>
  `${event.at} ${event.type} ${'alarm' in event ? event.alarm.kind : event.inactivation.kind}`;

type Recomputation = {
  readonly past: Past;
  readonly range: VerifyRange;
  readonly announced: readonly AlarmEvent[];
  readonly onProgress: (share: number) => void;
};

const recompute = async (
  database: Database,
  subject: Subject,
  { past: { from, config, inputs }, range, announced, onProgress }: Recomputation,
) => {
  const kinds = new Map(announced.flatMap((event) => ('alarm' in event ? [[event.alarm.id, event.alarm.kind]] : [])));
  const occurrences = new Set(announced.map(occurrenceOf));
  const replay = createReplay({ from, config, kindOf: (id) => kinds.get(id) });
  const startMs = readMoment(from.at).ms;
  const expected: AlarmEvent[] = [];
  let present = openAlarms(from.state).map(({ id }) => id);
  let hasBegun = false;
  let readings = 0;
  const isJudged = isWithin(range, from.at);
  const take = (item: ReplayItem): void => {
    const isLastSign = item.type === 'tick' && item.at < range.toMs;
    for (const event of replay.take(item)) {
      const isUnannounced = isLastSign && event.at >= item.at - UNANNOUNCED_MS && !occurrences.has(occurrenceOf(event));
      if (isJudged(event) && !isUnannounced) expected.push(event);
    }
  };
  const messages =
    subject === null
      ? noMessages()
      : readMessages(database, { bed: subject, fromMs: startMs, toMs: range.toMs }, 'arrival');
  for await (const items of merge(inputs, messages)) {
    for (const item of items) {
      if (!hasBegun && item.at >= range.fromMs) {
        hasBegun = true;
        present = openAlarms(replay.state()).map(({ id }) => id);
      }
      take(item);
      if (item.type === 'vitals') readings += item.readings.length;
    }
    const last = items.at(-1);
    if (last) onProgress(Math.max(0, (last.at - startMs) / (range.toMs - startMs)));
  }
  onProgress(1);
  return { expected, readings, present };
};
