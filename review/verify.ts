import type { AlarmEvent } from '#domain/alarms/alarm.ts';
import { type AlarmConfig, type AlarmOverrides, override } from '#domain/alarms/settings.ts';
import { openAlarms } from '#domain/alarms/state.ts';
import type { Database } from '#platform/database.ts';
import { canonical, compareEvents, type Difference, timeText } from './compare.ts';
import { notesOn, storedUntil } from './doubts.ts';
import { readMessages } from './readings.ts';
import { type Checkpoint, createReplay, merge, type StoredInput } from './replay.ts';
import { findCheckpoint, findConfig, findResumed, readEvents, readInputs, type Subject } from './stored.ts';

/** Were the alarms that were announced those that follow from what is stored? G5 of the specification. */

export type VerifyRange = { readonly fromMs: number; readonly toMs: number };

export type Verdict = {
  readonly subject: Subject;
  /** What was judged; later than asked for when nothing is known before. null: nothing could be. */
  readonly judged: VerifyRange | null;
  readonly differences: readonly Difference[];
  readonly readings: number;
  /** Events that follow, and events that were announced. */
  readonly expected: number;
  readonly announced: number;
  /** What could not be judged, in words. */
  readonly notes: readonly string[];
};

/** Before the newest that is stored some may still be on its way: a batch takes several statements. */
const SETTLED_MS = 5_000;

/** What was decided this shortly before the station ended was perhaps not stored, and so not said: it was decided again. */
const UNSAID_MS = 1_000;

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

type VersionRow = { version: number; overrides: AlarmOverrides };

/** Whether settings that the engine was given have in them what the versions they name say. */
const checkSettings = async (
  database: Database,
  told: readonly { at: number; config: AlarmConfig }[],
): Promise<Difference[]> => {
  const named = told.flatMap(({ config: { version } }) => [version.unit, version.patient]);
  const wanted = [...new Set(named.filter((version) => version !== null))];
  if (wanted.length === 0) return [];
  const { rows } = await database.query<VersionRow>(
    'select version, overrides from alarm_settings where version = any($1)',
    [wanted],
  );
  const overridesOf = new Map(rows.map(({ version, overrides }) => [version, overrides]));
  return told.flatMap(({ at, config }): Difference[] => {
    const named = [config.version.unit, config.version.patient].filter((version) => version !== null);
    const gone = named.filter((version) => !overridesOf.has(version));
    if (gone.length > 0) {
      return [{ at, what: 'settings', text: `the settings name version ${gone.join(' and ')}, which is not stored` }];
    }
    const said = named.reduce((below, version) => override(below, overridesOf.get(version) ?? {}), config);
    if (canonical(said) === canonical(config)) return [];
    const text = `the settings in force are not what version ${named.join(' and ')} says: ${changesBetween(said, config)}`;
    return [{ at, what: 'settings', text }];
  });
};

/** The fields in which two settings differ. */
const changesBetween = (expected: AlarmConfig, given: AlarmConfig): string => {
  const flat = (value: unknown, path: string): [string, unknown][] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, inner]) => flat(inner, path ? `${path}.${name}` : name))
      : [[path, value]];
  const ours = new Map(flat(expected, ''));
  return flat(given, '')
    .filter(([path, value]) => ours.get(path) !== value)
    .map(([path, value]) => `${path} expected ${ours.get(path)}, used ${value}`)
    .join('; ');
};

/** Checkpoints that name other settings than the inputs before them. */
const checkCheckpoints = (first: AlarmConfig, inputs: readonly StoredInput[]): Difference[] => {
  let config = first;
  const differences: Difference[] = [];
  for (const input of inputs) {
    if (input.type === 'occupied' || input.type === 'configured') config = input.config;
    if (input.type !== 'checkpoint' || !input.config) continue;
    if (canonical(input.config) === canonical(config)) continue;
    const text = `the settings by which was decided are not those that were given: ${changesBetween(config, input.config)}`;
    differences.push({ at: input.at, what: 'settings', text });
    config = input.config;
  }
  return differences;
};

const isWithin =
  ({ fromMs, toMs }: VerifyRange) =>
  ({ at }: { at: number }) =>
    at >= fromMs && at < toMs;

/** `onProgress`: how far it is in the range, from 0 to 1. Rejects when the database is away or holds what cannot be read. */
export const verifySubject = async (
  database: Database,
  subject: Subject,
  asked: VerifyRange,
  onProgress: (share: number) => void = () => {},
): Promise<Verdict> => {
  const newest = await storedUntil(database, subject, asked.toMs + 2 * SETTLED_MS);
  const toMs = Math.min(asked.toMs, newest - SETTLED_MS);
  const from = toMs > asked.fromMs ? await findCheckpoint(database, subject, asked.fromMs) : undefined;
  const fromMs = Math.max(asked.fromMs, from?.at ?? asked.fromMs);
  const range = { fromMs, toMs };
  const name = subject === null ? 'the station' : subject;
  const ending = toMs < asked.toMs ? [`judged until ${timeText(toMs)}: nothing much later is stored`] : [];
  if (fromMs >= toMs) return nothing(subject, [`nothing is stored of ${name} that could be judged`, ...ending]);
  if (!from) {
    const isUnknown = await isAnyHere(database, subject, range);
    return nothing(subject, isUnknown ? [`there is no checkpoint of ${name} to begin at`] : []);
  }
  const config = (await findConfig(database, subject, from.at)) ?? from.config;
  if (!config) return nothing(subject, [`it is not known by which settings ${name} was decided`]);

  const notes = [...ending, ...(await notesOn(database, subject, range))];
  if (fromMs > asked.fromMs) notes.push(`judged from ${timeText(fromMs)}: there is no checkpoint before`);
  const inputs = await readInputs(database, subject, from, toMs);
  const announced = (await readEvents(database, subject, fromMs - SETTLED_MS, toMs)).filter(isWithin(range));
  const { expected, readings, present } = await recompute(database, subject, {
    from,
    config,
    inputs,
    range,
    announced,
    onProgress,
  });

  const told = inputs.filter((input) => input.type === 'occupied' || input.type === 'configured');
  const differences = [
    ...compareEvents(expected, announced, present),
    ...checkCheckpoints(config, [from, ...inputs]),
    ...(await checkSettings(database, [{ at: from.at, config }, ...told])),
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

type Recomputation = {
  readonly from: Checkpoint;
  readonly config: AlarmConfig;
  readonly inputs: readonly StoredInput[];
  readonly range: VerifyRange;
  readonly announced: readonly AlarmEvent[];
  readonly onProgress: (share: number) => void;
};

const recompute = async (
  database: Database,
  subject: Subject,
  { from, config, inputs, range, announced, onProgress }: Recomputation,
) => {
  const kinds = new Map(announced.flatMap((event) => ('alarm' in event ? [[event.alarm.id, event.alarm.kind]] : [])));
  const saidAt = new Set(announced.map(({ at }) => at));
  const replay = createReplay({ from, config, kindOf: (id) => kinds.get(id) });
  const startMs = Math.floor(from.at);
  const expected: AlarmEvent[] = [];
  let present = openAlarms(from.state).map(({ id }) => id);
  let hasBegun = false;
  let readings = 0;
  const keep = (events: readonly AlarmEvent[]) => {
    for (const event of events) if (isWithin(range)(event)) expected.push(event);
  };
  /** Nothing happens by itself while the station is away: time passes up to when it was last known to live. */
  const liveUntil = async (endMs: number): Promise<void> => {
    const until = await storedUntil(database, subject, endMs);
    const events = replay.take({ type: 'tick', at: Math.max(until, replay.state().at) });
    keep(events.filter(({ at }) => at < until - UNSAID_MS || saidAt.has(at)));
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
      if (item.type === 'resumed' && item.at > replay.state().at) await liveUntil(item.at);
      keep(replay.take(item));
      if (item.type === 'vitals') readings += item.readings.length;
    }
    const last = items.at(-1);
    if (last) onProgress(Math.max(0, (last.at - startMs) / (range.toMs - startMs)));
  }
  const next = await findResumed(database, subject, range.toMs);
  if (next === undefined) keep(replay.take({ type: 'tick', at: range.toMs }));
  else await liveUntil(Math.min(next, range.toMs + 2 * UNSAID_MS));
  onProgress(1);
  return { expected, readings, present };
};
