import type { MonitorAlarmEvent } from '#domain/monitor-alarms/alarm.ts';
import { MONITOR_FORMAT } from '#domain/monitor-alarms/state.ts';
import type { DatabaseClient } from '#platform/database.ts';
import type { MonitorRow } from '../rows.ts';
import { jsonb } from './printable.ts';

/** Times in the JSON are epoch milliseconds. */
const time = (column: string): string => `to_timestamp(${column} / 1000)`;

const RANK = (column: string): string => `array_position(array['low', 'medium', 'high'], ${column})`;

const CHANGING = [
  'encounter_id',
  'event',
  'code',
  'text',
  'vital',
  'type',
  'priority',
  'state',
  'acknowledged_at',
  'acknowledged_by',
  'ended_at',
  'end_cause',
  'recurrences',
  'detail',
  'format',
  'last_event_at',
  'journal_id',
  'journal_seq',
];

const ALARMS = {
  name: 'write-monitor-alarms',
  text: `
insert into monitor_alarms (
  id, unit_id, bed_id, device_id, encounter_id, kind, boot, number, event, code, text, vital, type, priority,
  worst_priority, state, started_at, decided_at, acknowledged_at, acknowledged_by, ended_at, end_cause, recurrences,
  detail, format, last_event_at, journal_id, journal_seq
)
select
  id, unit, bed, device, encounter, kind, boot, number, event, code, text, vital, type, priority, worst, state,
  ${time('"startedAt"')}, ${time('"decidedAt"')}, ${time("(acknowledged ->> 'at')::float8")}, acknowledged ->> 'by',
  ${time('"endedAt"')}, "endCause", recurrences, detail, ${MONITOR_FORMAT}, ${time('at')}, $1, seq
from jsonb_to_recordset($2::jsonb) as alarm(
  seq int8, at float8, unit text, bed text, device text, encounter int4, id text, kind text, boot text, number text,
  event text, code int8, text text, vital text, type text, priority text, worst text, state text, "startedAt" float8,
  "decidedAt" float8, acknowledged jsonb, recurrences int4, "endedAt" float8, "endCause" text, detail jsonb
)
on conflict (id) do update set ${CHANGING.map((column) => `${column} = excluded.${column}`).join(', ')},
  worst_priority = case
    when ${RANK('monitor_alarms.worst_priority')} > ${RANK('excluded.worst_priority')} then monitor_alarms.worst_priority
    else excluded.worst_priority
  end
where monitor_alarms.journal_id is distinct from excluded.journal_id
  or monitor_alarms.journal_seq <= excluded.journal_seq`,
};

const EVENTS = {
  name: 'write-monitor-alarm-events',
  text: `
insert into monitor_alarm_events (
  journal_id, journal_seq, place, at, unit_id, bed_id, alarm_id, type, actor, cause, detail, format
)
select $1, seq, place, ${time('at')}, unit, bed, alarm, type, actor, cause, detail, ${MONITOR_FORMAT}
from jsonb_to_recordset($2::jsonb) as event(
  seq int8, place int2, at float8, unit text, bed text, alarm text, type text, actor text, cause text, detail jsonb
)
on conflict do nothing`,
};

const INPUTS = {
  name: 'write-monitor-alarm-inputs',
  text: `
insert into monitor_alarm_inputs (journal_id, journal_seq, place, at, unit_id, bed_id, device_id, type, input, format)
select $1, seq, place, ${time('at')}, unit, bed, device, type, input, ${MONITOR_FORMAT}
from jsonb_to_recordset($2::jsonb) as input(
  seq int8, place int2, at float8, unit text, bed text, device text, type text, input jsonb
)
on conflict do nothing`,
};

const PRIORITIES = ['low', 'medium', 'high'];

/** The alarm after an event, as a row; the most urgent that it was in this batch goes along. */
const rowAfter = ({ at, type, cause, alarm }: MonitorAlarmEvent, worstBefore: string | undefined) => {
  const worst =
    PRIORITIES.indexOf(worstBefore ?? '') > PRIORITIES.indexOf(alarm.priority) ? worstBefore : alarm.priority;
  const ended = type === 'ended' ? { state: 'ended', endedAt: at, endCause: cause } : {};
  return { ...alarm, detail: alarm, worst, at, ...ended };
};

export const writeMonitorAlarms = async (
  client: DatabaseClient,
  journalId: string,
  rows: readonly MonitorRow[],
): Promise<void> => {
  const events = [];
  const inputs = [];
  // A statement may touch a row only once: of each alarm the last.
  const alarms = new Map<string, Pick<ReturnType<typeof rowAfter>, 'worst'>>();
  for (const { position, record } of rows) {
    const { unit, bed, device, encounter, checkpoint, receivedAt } = record;
    const of = { seq: String(position), unit, bed };
    for (const [place, event] of record.events.entries()) {
      const { at, type, by: actor, cause, alarm } = event;
      events.push({ ...of, place, at, type, actor, cause, alarm: alarm.id, detail: event });
      // The alarm has a unit too, that of its value.
      const row = { ...rowAfter(event, alarms.get(alarm.id)?.worst), ...of, encounter };
      alarms.set(alarm.id, row);
    }
    for (const [place, input] of record.inputs.entries()) {
      inputs.push({ ...of, device, place, at: input.at, type: input.type, input });
    }
    if (checkpoint) {
      const place = record.inputs.length;
      inputs.push({ ...of, device, place, at: receivedAt, type: 'checkpoint', input: checkpoint });
    }
  }
  if (alarms.size > 0) await client.query({ ...ALARMS, values: [journalId, jsonb([...alarms.values()])] });
  if (events.length > 0) await client.query({ ...EVENTS, values: [journalId, jsonb(events)] });
  if (inputs.length > 0) await client.query({ ...INPUTS, values: [journalId, jsonb(inputs)] });
};
