import { z } from 'zod';
import { Alarm, Inactivation } from '#domain/alarms/alarm.ts';
import { Id } from '#domain/id.ts';
import { MonitorAlarm } from '#domain/monitor-alarms/alarm.ts';

/** The alarms that are open now, answered from memory. Times are epoch milliseconds, as in the live frames. */
export const ActiveAlarms = z
  .object({
    beds: z.array(
      z.object({
        unit: Id,
        bed: Id,
        alarms: z.array(Alarm),
        inactivations: z.array(Inactivation),
        monitorAlarms: z.array(MonitorAlarm).optional().describe('that monitors report; left out: none'),
      }),
    ),
    station: z.array(Alarm).describe('of the station itself'),
  })
  .meta({ id: 'ActiveAlarms' });
export type ActiveAlarms = z.infer<typeof ActiveAlarms>;
