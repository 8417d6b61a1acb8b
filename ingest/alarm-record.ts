import { z } from 'zod';
import { AlarmEvent, AlarmInput } from '#domain/alarms/alarm.ts';
import { AlarmConfig } from '#domain/alarms/settings.ts';
import type { AlarmState } from '#domain/alarms/state.ts';
import { Id } from '#domain/entities.ts';

/**
 * What the alarm engine was told beside readings, what it decided, and what became of what it announced. Rare, so it is
 * JSON. `bed` null: the station itself.
 */
export const ALARM_STAGES = ['published', 'shown'] as const;

const AlarmBody = z.object({
  unit: Id.nullable(),
  bed: Id.nullable(),
  device: Id.nullable(),
  encounter: z.int().nullable(),
  inputs: z.array(AlarmInput),
  events: z.array(AlarmEvent),
  /** Alarms that left the station, or were first seen on a screen, at a time. */
  stamps: z.array(z.object({ alarm: z.string(), stage: z.enum(ALARM_STAGES), at: z.number() })),
  /** Where the engine stood after all of this: here a recomputation can begin. */
  checkpoint: z
    .object({
      state: z.custom<AlarmState>((value) => typeof value === 'object' && value !== null),
      config: AlarmConfig,
    })
    .nullable(),
});
type AlarmBody = z.infer<typeof AlarmBody>;

export type AlarmRecord = { readonly kind: 'alarm'; readonly receivedAt: number } & Readonly<AlarmBody>;

export type AlarmStamp = AlarmBody['stamps'][number];

export const alarmBody = ({ kind: _kind, receivedAt: _receivedAt, ...body }: AlarmRecord): Buffer =>
  Buffer.from(JSON.stringify(body));

/** Throws a RangeError for what is no such body. */
export const parseAlarmBody = (bytes: Buffer): AlarmBody => {
  try {
    return AlarmBody.parse(JSON.parse(bytes.toString('utf8')));
  } catch (cause) {
    throw new RangeError('not the body of an alarm record', { cause });
  }
};
