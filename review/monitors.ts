import { isDeepStrictEqual } from 'node:util';
import type { MonitorAlarmEvent, MonitorStepEvent } from '#domain/monitor-alarms/alarm.ts';
import { stepMonitor } from '#domain/monitor-alarms/engine.ts';
import { readMonitorEvent, readMonitorInput, readMonitorState } from '#domain/monitor-alarms/format.ts';
import type { MonitorState } from '#domain/monitor-alarms/state.ts';
import type { Database } from '#platform/database.ts';
import { storedUntil } from './caveats.ts';
import { type Difference, timeText } from './compare.ts';

/**
 * Compares what was announced of the alarms that monitors reported at a bed with what follows from what is stored: G5, as
 * `verify.ts` does for the station's own alarms. All that decided is an input here, in the order of the journal.
 */

export type MonitorRange = { readonly fromMs: number; readonly toMs: number };

export type MonitorVerdict = {
  readonly bed: string;
  /** The range that was judged: it begins at a checkpoint at the earliest. null: nothing is stored that could be judged. */
  readonly judged: MonitorRange | null;
  readonly differences: readonly Difference[];
  readonly inputs: number;
  readonly expected: number;
  readonly announced: number;
};

type InputRow = { at: number; type: string; input: unknown; format: number; journal: string; seq: string };
type EventRow = { at: number; detail: unknown; format: number; journal: string; seq: string };

const AT = '(extract(epoch from at) * 1000)::float8 as at';

/** Journals one after the other, and in each its own order: a clock that was set back does not change it. */
const inOrder = (table: string): string => `
  select ${AT}, ${table === 'monitor_alarm_inputs' ? 'type, input' : 'detail'}, format, journal_id as journal,
    journal_seq::text as seq
  from ${table} join (
    select journal_id, min(at) as first_at from ${table} where bed_id = $1 group by journal_id
  ) as journals using (journal_id)
  where bed_id = $1 and at >= $2 and at < $3
  order by first_at, journal_seq, place`;

/** The newest checkpoint before the range, or the first in it. */
const BEGINNING = `
  select ${AT} from monitor_alarm_inputs
  where bed_id = $1 and type = 'checkpoint' and at < $3
  order by at >= $2, abs(extract(epoch from at - $2)) limit 1`;

/** What happens by time alone has no input: that it was announced shows that the station lived then. */
const signsOfLife = (inputs: readonly InputRow[], events: readonly EventRow[]): Map<string, number> => {
  const inputRows = inputs.filter(({ type }) => type !== 'checkpoint');
  const told = new Set(inputRows.map(({ journal, seq }) => `${journal}/${seq}`));
  const signs = new Map<string, number>();
  for (const { journal, seq, at } of events) {
    const key = `${journal}/${seq}`;
    if (!told.has(key)) signs.set(key, Math.max(at, signs.get(key) ?? at));
  }
  return signs;
};

type Item = { readonly seq: bigint; readonly event: MonitorStepEvent };

/** Inputs and signs of life in their order; both of one journal are numbered together. */
const itemsOf = (inputs: readonly InputRow[], events: readonly EventRow[]): readonly MonitorStepEvent[] => {
  const byJournal = new Map<string, Item[]>();
  const put = (journal: string, item: Item): void => {
    byJournal.set(journal, [...(byJournal.get(journal) ?? []), item]);
  };
  for (const { type, input, format, journal, seq } of inputs) {
    if (type !== 'checkpoint') put(journal, { seq: BigInt(seq), event: readMonitorInput(input, format) });
  }
  for (const [key, at] of signsOfLife(inputs, events)) {
    const [journal = '', seq = '0'] = key.split('/');
    put(journal, { seq: BigInt(seq), event: { type: 'tick', at } });
  }
  const bySeq = (one: Item, other: Item): number => Number(one.seq - other.seq);
  return [...byJournal.values()].flatMap((items) => items.sort(bySeq).map(({ event }) => event));
};

/** The inputs after the checkpoint, which stands last in its record, and the state that it tells. */
const cutAtCheckpoint = (
  rows: readonly InputRow[],
): { readonly state: MonitorState; readonly rows: readonly InputRow[] } | undefined => {
  const place = rows.findIndex(({ type }) => type === 'checkpoint');
  const row = rows[place];
  return row && { state: readMonitorState(row.input, row.format), rows: rows.slice(place + 1) };
};

const eventText = ({ type, alarm, cause, by }: MonitorAlarmEvent): string =>
  `alarm ${alarm.number || alarm.kind} of ${alarm.device} ${type}${cause ? ` (${cause})` : ''}${by ? ` by ${by}` : ''}`;

const compare = (expected: readonly MonitorAlarmEvent[], announced: readonly MonitorAlarmEvent[]): Difference[] => {
  const left = [...announced];
  const differences: Difference[] = [];
  for (const event of expected) {
    const place = left.findIndex((other) => isDeepStrictEqual(other, event));
    if (place >= 0) left.splice(place, 1);
    else
      differences.push({ at: event.at, what: 'missing', text: `${eventText(event)}: follows, and was not announced` });
  }
  for (const event of left) {
    differences.push({ at: event.at, what: 'unexpected', text: `${eventText(event)}: announced, and does not follow` });
  }
  return differences.sort((one, other) => one.at - other.at);
};

/** Shortly before the newest of what is stored, something may still be on its way. */
const SETTLED_MS = 5_000;

const NEWEST = `
  select ${AT} from monitor_alarm_inputs where bed_id = $1 and at < $2 order by monitor_alarm_inputs.at desc limit 1`;

/** The end of what can be judged. */
const settledUntil = async (database: Database, bed: string, toMs: number): Promise<number> => {
  const beforeMs = toMs + 2 * SETTLED_MS;
  const { rows } = await database.query<{ at: number }>(NEWEST, [bed, new Date(beforeMs)]);
  const newest = Math.max(await storedUntil(database, bed, beforeMs), rows[0]?.at ?? Number.NEGATIVE_INFINITY);
  return Math.min(toMs, newest - SETTLED_MS);
};

/** Rejects when the database is away or holds what cannot be read. */
export const verifyMonitors = async (
  database: Database,
  bed: string,
  { fromMs, toMs: askedToMs }: MonitorRange,
): Promise<MonitorVerdict> => {
  const nothing = { bed, judged: null, differences: [], inputs: 0, expected: 0, announced: 0 };
  const toMs = await settledUntil(database, bed, askedToMs);
  if (!(toMs > fromMs)) return nothing;
  const { rows: found } = await database.query<{ at: number }>(BEGINNING, [bed, new Date(fromMs), new Date(toMs)]);
  const [beginning] = found;
  if (!beginning) return nothing;
  const range = [bed, new Date(Math.floor(beginning.at)), new Date(toMs)];
  const { rows: inputRows } = await database.query<InputRow>(inOrder('monitor_alarm_inputs'), range);
  const { rows: eventRows } = await database.query<EventRow>(inOrder('monitor_alarm_events'), range);
  const cut = cutAtCheckpoint(inputRows);
  if (!cut) return nothing;
  let { state } = cut;
  const startMs = Math.max(fromMs, state.at);
  const isJudged = ({ at }: MonitorAlarmEvent): boolean => at > startMs && at < toMs;
  const expected: MonitorAlarmEvent[] = [];
  const items = itemsOf(
    cut.rows,
    eventRows.filter(({ at }) => at > cut.state.at),
  );
  for (const event of [...items, { type: 'tick', at: toMs } as const]) {
    const step = stepMonitor(state, event);
    state = step.state;
    expected.push(...step.events);
  }
  const announced = eventRows.map(({ detail, format }) => readMonitorEvent(detail, format)).filter(isJudged);
  const judged = expected.filter(isJudged);
  return {
    bed,
    judged: { fromMs: startMs, toMs },
    differences: compare(judged, announced),
    inputs: cut.rows.length,
    expected: judged.length,
    announced: announced.length,
  };
};

export const monitorVerdictText = ({ bed, judged, differences, ...counts }: MonitorVerdict): string =>
  judged === null
    ? `${bed}: monitors reported nothing that could be judged`
    : `${bed}, alarms of monitors: ${differences.length === 0 ? 'no difference' : `${differences.length} differences`}; ` +
      `${counts.inputs} inputs, ${counts.expected} events expected, ${counts.announced} announced, ` +
      `${timeText(judged.fromMs)} to ${timeText(judged.toMs)}`;
