import type { MonitorAlarmHistory, MonitorAlarmPage, MonitorAlarmRecord } from '#contracts/http/monitor-alarms.ts';
import type { Priority } from '#domain/alarms/names.ts';
import { readMonitorAlarm, readMonitorEvent } from '#domain/monitor-alarms/format.ts';
import { type Queryable, query } from '../database/query.ts';
import { notFound } from '../http/problems.ts';

/** What is undefined does not matter. `from` and `to` are about when the station heard of the alarm: [from, to). */
export type MonitorAlarmFilter = {
  readonly unit?: string | undefined;
  readonly bed?: string | undefined;
  readonly device?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly priorities: readonly Priority[];
  readonly open?: boolean | undefined;
  readonly limit: number;
  /** Only what comes after this alarm, in the order of the answer. */
  readonly before?: string | undefined;
};

type Row = {
  id: string;
  unit_id: string | null;
  bed_id: string | null;
  encounter_id: number | null;
  worst_priority: Priority;
  state: 'active' | 'latched' | 'ended';
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
  ended_at: Date | null;
  end_cause: string | null;
  detail: unknown;
  format: number;
};

const COLUMNS = `id, unit_id, bed_id, encounter_id, worst_priority, state, acknowledged_at, acknowledged_by, ended_at,
  end_cause, detail, format`;

const toRecord = (row: Row): MonitorAlarmRecord => {
  const alarm = readMonitorAlarm(row.detail, row.format);
  return {
    ...{ id: row.id, origin: 'monitor', unit: row.unit_id, bed: row.bed_id, encounter: row.encounter_id },
    device: alarm.device,
    kind: alarm.kind,
    event: alarm.event,
    code: alarm.code,
    text: alarm.text,
    number: alarm.number,
    boot: alarm.boot,
    vital: alarm.vital,
    twin: alarm.twin,
    type: alarm.type,
    priority: alarm.priority,
    worstPriority: row.worst_priority,
    state: row.state,
    unconfirmed: alarm.unconfirmed,
    startedAt: alarm.startedAt,
    decidedAt: alarm.decidedAt,
    acknowledgedAt: row.acknowledged_at?.getTime() ?? null,
    acknowledgedBy: row.acknowledged_by,
    endedAt: row.ended_at?.getTime() ?? null,
    endCause: row.end_cause,
    value: alarm.value,
    unitOfValue: alarm.unit,
    limits: alarm.limits,
    recurrences: alarm.recurrences,
  };
};

/** A page, the newest first, and the `before` of the next one. */
export const listMonitorAlarms = async (
  database: Queryable,
  { unit, bed, device, from, to, priorities, open, limit, before }: MonitorAlarmFilter,
): Promise<MonitorAlarmPage> => {
  const rows = await query<Row>(
    database,
    `select ${COLUMNS} from monitor_alarms
     where ($1::text is null or unit_id = $1)
       and ($2::text is null or bed_id = $2)
       and ($3::text is null or device_id = $3)
       and ($4::timestamptz is null or decided_at >= $4)
       and ($5::timestamptz is null or decided_at < $5)
       and priority = any($6::text[])
       and ($7::boolean is null or (state <> 'ended') = $7)
       and ($8::text is null or (decided_at, id) < (select decided_at, id from monitor_alarms where id = $8))
     order by decided_at desc, id desc limit $9`,
    [
      ...[unit ?? null, bed ?? null, device ?? null, from ?? null, to ?? null, priorities],
      ...[open ?? null, before ?? null, limit + 1],
    ],
  );
  const page = rows.slice(0, limit);
  return { alarms: page.map(toRecord), next: rows.length > page.length ? (page.at(-1)?.id ?? null) : null };
};

/** With all that happened to it, the oldest first. Rejects with 404 when there is no such alarm. */
export const readMonitorHistory = async (database: Queryable, id: string): Promise<MonitorAlarmHistory> => {
  const [row] = await query<Row>(database, `select ${COLUMNS} from monitor_alarms where id = $1`, [id]);
  if (!row) throw notFound(`there is no alarm ${id} of a monitor`);
  const events = await query<{ detail: unknown; format: number }>(
    database,
    'select detail, format from monitor_alarm_events where alarm_id = $1 order by at, journal_seq, place',
    [id],
  );
  return { ...toRecord(row), events: events.map(({ detail, format }) => readMonitorEvent(detail, format)) };
};
