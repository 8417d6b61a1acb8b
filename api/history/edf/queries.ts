import type { ConditionId, Priority } from '#domain/alarms/conditions.ts';
import type { VitalId } from '#domain/vitals.ts';
import { type Queryable, query } from '../../database/query.ts';

export type StoredAlarm = {
  readonly condition: ConditionId;
  readonly vital: VitalId | null;
  readonly priority: Priority;
  readonly decided_at: Date;
  readonly ended_at: Date | null;
};

/** The alarms that were announced at a bed in [from, to), by time. */
export const listAnnounced = (database: Queryable, bed: string, from: Date, to: Date): Promise<StoredAlarm[]> =>
  query<StoredAlarm>(
    database,
    `select condition, vital, priority, decided_at, ended_at from alarms
     where bed_id = $1 and decided_at >= $2 and decided_at < $3 and not late order by decided_at, id`,
    [bed, from, to],
  );
