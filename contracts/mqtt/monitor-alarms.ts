import { z } from 'zod';
import { PRIORITIES } from '#domain/alarms/names.ts';
import { ALERT_TYPES, MONITOR_INACTIVATIONS, MONITOR_STATES, PHASES } from '#domain/monitor-alarms/names.ts';
import { envelope, text } from './messages.ts';

/**
 * What a monitor publishes of its own alarms on the channel `alarms`, as JSON or as CBOR of the same shape. Words are
 * those of IHE PCD ACM. `null` in a field is as if it were left out; a field that is unknown refuses its entry.
 */

/** The phases with which an alarm begins: they must say what it is. */
const BEGINNINGS: readonly string[] = ['start', 'tpoint'];

export const MAX_ALARMS_OF_A_MESSAGE = 256;

const Limit = z.number().nullable();

/** An alarm. Its `id` is the monitor's own: with the device and `boot` it names one episode. */
export const MonitorAlarmInput = z
  .strictObject({
    id: z.union([text(64).min(1), z.int()]),
    phase: z.enum(PHASES),
    /** MDC reference id, and its context-free code. */
    event: text(100).min(1).nullish(),
    code: z.int().nonnegative().max(0xffff_ffff).nullish(),
    text: text(200).min(1).nullish(),
    priority: z.enum(PRIORITIES).nullish(),
    type: z.enum(ALERT_TYPES).nullish(),
    state: z.enum(MONITOR_STATES).nullish(),
    inactivation: z.enum(MONITOR_INACTIVATIONS).nullish(),
    /** The metric that it is about, as an id or a code of the catalogue. */
    source: z.union([text(64).min(1), z.int()]).nullish(),
    value: z.number().nullish(),
    unit: text(32).nullish(),
    limits: z.tuple([Limit, Limit]).nullish(),
  })
  .refine(
    ({ phase, event, code, text: words }) => !BEGINNINGS.includes(phase) || (event ?? code ?? words ?? null) !== null,
    'an alarm that begins needs event, code or text',
  );
export type MonitorAlarmInput = z.infer<typeof MonitorAlarmInput>;

/** `snapshot`: the message names every alarm that is active now, and what it lacks has ended. */
export const MonitorAlarmsMessage = z.object({
  ...envelope,
  snapshot: z.boolean().optional(),
  alarms: z.array(MonitorAlarmInput).max(MAX_ALARMS_OF_A_MESSAGE),
});
export type MonitorAlarmsMessage = z.infer<typeof MonitorAlarmsMessage>;
