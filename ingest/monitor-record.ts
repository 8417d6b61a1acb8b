import { z } from 'zod';
import { NewerFormatError } from '#domain/alarms/formats/upcast.ts';
import { Id } from '#domain/id.ts';
import { MonitorAlarmEvent, MonitorInput } from '#domain/monitor-alarms/alarm.ts';
import { MONITOR_FORMAT, MonitorState } from '#domain/monitor-alarms/state.ts';

/**
 * What the journal keeps of monitors' alarms: what was told, what came of it, and the numbers of the messages. Such
 * records are rare, so they are JSON. The body names its own format: a program from before this kind of record sets one
 * aside, and another format is met here.
 */
const MonitorBody = z.object({
  unit: Id.nullable(),
  /** null: what was told is of nobody who is known, and is only kept. */
  bed: Id.nullable(),
  device: Id.nullable(),
  encounter: z.int().nullable(),
  sequences: z.array(z.object({ device: Id, boot: z.string(), seq: z.number() })),
  inputs: z.array(MonitorInput),
  events: z.array(MonitorAlarmEvent),
  /** Where all stood after this: a recomputation can begin here. */
  checkpoint: MonitorState.nullable(),
});
type MonitorBody = z.infer<typeof MonitorBody>;

export type MonitorRecord = { readonly kind: 'monitor'; readonly receivedAt: number } & Readonly<MonitorBody>;

const Named = z.object({ format: z.int().positive() });

/** Throws a NewerFormatError. */
export const refuseNewerMonitor = (what: string, format: number): void => {
  if (format > MONITOR_FORMAT) throw new NewerFormatError(what, format);
};

export const monitorBody = ({ kind: _kind, receivedAt: _receivedAt, ...body }: MonitorRecord): Buffer =>
  Buffer.from(JSON.stringify({ format: MONITOR_FORMAT, ...body }));

/** Throws a RangeError for bytes that are no such body, and a NewerFormatError. */
export const readMonitorBody = (bytes: Buffer): MonitorBody => {
  try {
    const json: unknown = JSON.parse(bytes.toString('utf8'));
    refuseNewerMonitor("a record of monitors' alarms", Named.parse(json).format);
    return MonitorBody.parse(json);
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof z.ZodError)) throw cause;
    throw new RangeError("not the body of a record of monitors' alarms", { cause });
  }
};
