import { z } from 'zod';
import type { AlarmHistory, AlarmPage, AlarmRecord } from '#contracts/http/alarms.ts';
import { Alarm } from '#domain/alarms/alarm.ts';
import type { Priority } from '#domain/alarms/conditions.ts';
import { readConfigVersion, readEvent } from '#domain/alarms/formats/upcast.ts';
import { type Queryable, query } from '../database/query.ts';
import { notFound } from '../http/problems.ts';

/** What is undefined does not matter. `from` and `to` are about when the alarm was decided: [from, to). */
export type AlarmFilter = {
  readonly unit?: string | undefined;
  readonly bed?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly priorities: readonly Priority[];
  readonly kind?: string | undefined;
  readonly condition?: string | undefined;
  readonly type?: string | undefined;
  readonly open?: boolean | undefined;
  readonly late?: boolean | undefined;
  readonly limit: number;
  /** Only what comes after this alarm, in the order of the answer. */
  readonly before?: string | undefined;
};

type AlarmRow = {
  id: string;
  unit_id: string | null;
  bed_id: string | null;
  device_id: string | null;
  encounter_id: number | null;
  kind: string;
  condition: string;
  vital: string | null;
  type: 'physiological' | 'technical';
  priority: Priority;
  state: 'active' | 'latched' | 'ended';
  late: boolean;
  started_at: Date;
  decided_at: Date;
  measured_at: Date | null;
  received_at: Date | null;
  published_at: Date | null;
  shown_at: Date | null;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
  ended_at: Date | null;
  end_cause: string | null;
  value: number | null;
  limit_value: number | null;
  worst: number | null;
  recurrences: number;
  config: unknown;
  newest: unknown;
};

const COLUMNS = `id, unit_id, bed_id, device_id, encounter_id, kind, condition, vital, type, priority, state, late,
  started_at, decided_at, measured_at, received_at, published_at, shown_at, acknowledged_at, acknowledged_by, ended_at,
  end_cause, value, limit_value, worst, recurrences, config,
  (select detail -> 'alarm' from alarm_events where alarm_id = alarms.id
   order by at desc, journal_seq desc, place desc limit 1) as newest`;

const instant = (time: Date | null): number | null => time?.getTime() ?? null;

/** The row does not keep these, the newest event of the alarm does. What a newer program may have put there is left out. */
const OfNewest = z.object({
  also: Alarm.shape.also.catch(undefined),
  gateway: Alarm.shape.gateway.catch(undefined),
  beds: Alarm.shape.beds.catch(undefined),
});

const ofNewest = (row: AlarmRow): Partial<z.infer<typeof OfNewest>> => OfNewest.safeParse(row.newest).data ?? {};

const toRecord = (row: AlarmRow): AlarmRecord => ({
  id: row.id,
  unit: row.unit_id,
  bed: row.bed_id,
  device: row.device_id,
  encounter: row.encounter_id,
  kind: row.kind,
  condition: row.condition,
  vital: row.vital,
  type: row.type,
  priority: row.priority,
  state: row.state,
  late: row.late,
  startedAt: row.started_at.getTime(),
  decidedAt: row.decided_at.getTime(),
  measuredAt: instant(row.measured_at),
  receivedAt: instant(row.received_at),
  publishedAt: instant(row.published_at),
  shownAt: instant(row.shown_at),
  acknowledgedAt: instant(row.acknowledged_at),
  acknowledgedBy: row.acknowledged_by,
  endedAt: instant(row.ended_at),
  endCause: row.end_cause,
  value: row.value,
  limit: row.limit_value,
  worst: row.worst,
  ...ofNewest(row),
  recurrences: row.recurrences,
  // Whichever release wrote last made the row: fields that an older one did not write are added, those it wrote stay.
  config: readConfigVersion(row.config, 1),
});

/** A page, the newest first, and the `before` of the next one. */
export const listAlarms = async (database: Queryable, filter: AlarmFilter): Promise<AlarmPage> => {
  const rows = await query<AlarmRow>(
    database,
    // Pages go by the alarm's own times and not by a page number, so that new alarms move nothing.
    `select ${COLUMNS} from alarms
     where ($1::text is null or unit_id = $1)
       and ($2::text is null or bed_id = $2)
       and ($3::timestamptz is null or decided_at >= $3)
       and ($4::timestamptz is null or decided_at < $4)
       and priority = any($5::text[])
       and ($6::text is null or kind = $6 or starts_with(kind, $6 || ':'))
       and ($7::text is null or condition = $7)
       and ($8::text is null or type = $8)
       and ($9::boolean is null or (state <> 'ended') = $9)
       and ($10::boolean is null or late = $10)
       and ($11::text is null or (decided_at, id) < (select decided_at, id from alarms where id = $11))
     order by decided_at desc, id desc limit $12`,
    [
      filter.unit ?? null,
      filter.bed ?? null,
      filter.from ?? null,
      filter.to ?? null,
      filter.priorities,
      filter.kind ?? null,
      filter.condition ?? null,
      filter.type ?? null,
      filter.open ?? null,
      filter.late ?? null,
      filter.before ?? null,
      filter.limit + 1,
    ],
  );
  const page = rows.slice(0, filter.limit);
  return { alarms: page.map(toRecord), next: rows.length > page.length ? (page.at(-1)?.id ?? null) : null };
};

/** With all that happened to it, the oldest first. Rejects with 404 when there is no such alarm. */
export const readAlarm = async (database: Queryable, id: string): Promise<AlarmHistory> => {
  const [row] = await query<AlarmRow>(database, `select ${COLUMNS} from alarms where id = $1`, [id]);
  if (!row) throw notFound(`there is no alarm ${id}`);
  const events = await query<{ detail: unknown; format: number }>(
    database,
    'select detail, format from alarm_events where alarm_id = $1 order by at, journal_seq, place',
    [id],
  );
  return { ...toRecord(row), events: events.map(({ detail, format }) => readEvent(detail, format)) };
};
