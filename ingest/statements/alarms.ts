import type { AlarmEvent } from '#domain/alarms/alarm.ts';
import { condition } from '#domain/alarms/conditions.ts';
import { FORMAT } from '#domain/alarms/formats/upcast.ts';
import type { DatabaseClient } from '#platform/database.ts';
import type { AlarmRow } from '../rows.ts';
import { jsonb } from './printable.ts';

/** Times in the JSON are epoch milliseconds. */
const time = (column: string): string => `to_timestamp(${column} / 1000)`;

/** What may change of an alarm from event to event. A patient who moves takes an alarm along to another bed. */
const CHANGING = [
  'unit_id',
  'bed_id',
  'device_id',
  'encounter_id',
  'condition',
  'priority',
  'state',
  'acknowledged_at',
  'acknowledged_by',
  'ended_at',
  'end_cause',
  'value',
  'limit_value',
  'worst',
  'recurrences',
  'config',
  'last_event_at',
  'journal_id',
  'journal_seq',
];

const ALARMS = {
  name: 'write-alarms',
  text: `
insert into alarms (
  id, unit_id, bed_id, device_id, encounter_id, kind, condition, vital, type, priority, state, started_at, decided_at,
  measured_at, received_at, acknowledged_at, acknowledged_by, ended_at, end_cause, value, limit_value, worst,
  recurrences, config, last_event_at, journal_id, journal_seq
)
select
  id, unit, bed, device, encounter, kind, condition, vital, type, priority, state, ${time('"startedAt"')},
  ${time('"decidedAt"')}, ${time('"measuredAt"')}, ${time('"receivedAt"')}, ${time("(acknowledged ->> 'at')::float8")},
  acknowledged ->> 'by', ${time('"endedAt"')}, "endCause", value, "limit", worst, recurrences, config, ${time('at')},
  $1, seq
from jsonb_to_recordset($2::jsonb) as alarm(
  seq int8, at float8, unit text, bed text, device text, encounter int4, id text, kind text, condition text,
  vital text, type text, priority text, state text, "startedAt" float8, "decidedAt" float8, "measuredAt" float8,
  "receivedAt" float8, value float8, "limit" float8, worst float8, recurrences int4, acknowledged jsonb, config jsonb,
  "endedAt" float8, "endCause" text
)
on conflict (id) do update set ${CHANGING.map((column) => `${column} = excluded.${column}`).join(', ')}
where alarms.journal_id is distinct from excluded.journal_id or alarms.journal_seq <= excluded.journal_seq`,
};

const EVENTS = {
  name: 'write-alarm-events',
  text: `
insert into alarm_events (
  journal_id, journal_seq, place, at, unit_id, bed_id, alarm_id, type, actor, cause, detail, format
)
select $1, seq, place, ${time('at')}, unit, bed, alarm, type, actor, cause, detail, ${FORMAT}
from jsonb_to_recordset($2::jsonb) as event(
  seq int8, place int2, at float8, unit text, bed text, alarm text, type text, actor text, cause text, detail jsonb
)
on conflict do nothing`,
};

const INPUTS = {
  name: 'write-alarm-inputs',
  text: `
insert into alarm_inputs (journal_id, journal_seq, place, at, unit_id, bed_id, type, input, format)
select $1, seq, place, ${time('at')}, unit, bed, type, input, ${FORMAT}
from jsonb_to_recordset($2::jsonb) as input(
  seq int8, place int2, at float8, unit text, bed text, type text, input jsonb
)
on conflict do nothing`,
};

/** The first of each counts: an alarm is published again after a restart of the broker, and shown on many screens. */
const STAMPS = {
  name: 'write-alarm-stamps',
  text: `
update alarms
set published_at = coalesce(alarms.published_at, stamp.published_at), shown_at = coalesce(alarms.shown_at, stamp.shown_at)
from (
  select alarm, ${time(`min(at) filter (where stage = 'published')`)} as published_at,
    ${time(`min(at) filter (where stage = 'shown')`)} as shown_at
  from jsonb_to_recordset($1::jsonb) as stamp(alarm text, stage text, at float8)
  group by alarm
) as stamp
where alarms.id = stamp.alarm`,
};

const alarmAfter = (event: AlarmEvent) => {
  if (!('alarm' in event)) return undefined;
  const { at, type, cause, alarm } = event;
  const ended = type === 'ended' ? { state: 'ended', endedAt: at, endCause: cause } : {};
  return { ...alarm, type: condition(alarm.condition).type, at, ...ended };
};

/** The stamps come after the alarms and their events, because the alarms must be there. */
export const writeAlarms = async (
  client: DatabaseClient,
  journalId: string,
  rows: readonly AlarmRow[],
): Promise<void> => {
  const events = [];
  const inputs = [];
  // A statement may touch a row only once: of each alarm the last.
  const alarms = new Map<string, object>();
  for (const { position, record } of rows) {
    const { unit, bed, device, encounter, checkpoint, receivedAt } = record;
    const of = { seq: String(position), unit, bed };
    for (const [place, event] of record.events.entries()) {
      const { at, type, by: actor } = event;
      const alarm = alarmAfter(event);
      const cause = 'cause' in event ? event.cause : null;
      events.push({ ...of, place, at, type, actor, cause, alarm: alarm?.id ?? null, detail: event });
      if (alarm) alarms.set(alarm.id, { ...of, device, encounter, ...alarm });
    }
    for (const [place, input] of record.inputs.entries()) {
      inputs.push({ ...of, place, at: input.at, type: input.type, input });
    }
    if (checkpoint) {
      const place = record.inputs.length;
      inputs.push({ ...of, place, at: receivedAt, type: 'checkpoint', input: checkpoint });
    }
  }
  const stamps = rows.flatMap(({ record }) => record.stamps);
  if (alarms.size > 0) await client.query({ ...ALARMS, values: [journalId, jsonb([...alarms.values()])] });
  if (events.length > 0) await client.query({ ...EVENTS, values: [journalId, jsonb(events)] });
  if (inputs.length > 0) await client.query({ ...INPUTS, values: [journalId, jsonb(inputs)] });
  if (stamps.length > 0) await client.query({ ...STAMPS, values: [jsonb(stamps)] });
};
