import { z } from 'zod';
import type { AlarmEvent, AlarmInput } from '#domain/alarms/alarm.ts';
import {
  FORMAT,
  readConfig,
  readEvent,
  readInput,
  readState,
  UnreadableFormatError,
} from '#domain/alarms/formats/upcast.ts';
import { writeConfig, writeState } from '#domain/alarms/formats/written.ts';
import type { AlarmConfig } from '#domain/alarms/settings.ts';
import type { AlarmState } from '#domain/alarms/state.ts';
import { Id } from '#domain/id.ts';
import { configText } from './formats/config-text.ts';

/**
 * The inputs of the alarm engine beside readings, what it decided, and what became of what was announced. Such records are
 * rare, so they are JSON. `bed` null: the station itself.
 */
export const ALARM_STAGES = ['published', 'shown'] as const;

/** The body is the same in every format. The inputs, events and states in it name no format of their own. */
const StoredBody = z.object({
  unit: Id.nullable(),
  bed: Id.nullable(),
  device: Id.nullable(),
  encounter: z.int().nullable(),
  inputs: z.array(z.unknown()),
  events: z.array(z.unknown()),
  /** Alarms that left the station, or were first seen on a screen, at a time. */
  stamps: z.array(z.object({ alarm: z.string(), stage: z.enum(ALARM_STAGES), at: z.number() })),
  checkpoint: z.object({ state: z.unknown(), config: z.unknown() }).nullable(),
});
type StoredBody = z.infer<typeof StoredBody>;

type AlarmBody = Omit<StoredBody, 'inputs' | 'events' | 'checkpoint'> & {
  readonly inputs: readonly AlarmInput[];
  readonly events: readonly AlarmEvent[];
  /** The state of the engine after all of this: a recomputation can begin here. */
  readonly checkpoint: { readonly state: AlarmState; readonly config: AlarmConfig } | null;
};

export type AlarmRecord = { readonly kind: 'alarm'; readonly receivedAt: number } & Readonly<AlarmBody>;

export type AlarmStamp = StoredBody['stamps'][number];

const writeCheckpoint = ({ state, config }: NonNullable<AlarmBody['checkpoint']>) => ({
  state: writeState(state),
  config: writeConfig(config),
});

const writeInput = (input: AlarmInput): object =>
  'config' in input ? { ...input, config: writeConfig(input.config) } : input;

const checkpointText = (checkpoint: AlarmBody['checkpoint']): string => {
  if (!checkpoint) return 'null';
  return `{"state":${JSON.stringify(writeState(checkpoint.state))},"config":${configText(checkpoint.config)}}`;
};

export const alarmBody = ({
  kind: _kind,
  receivedAt: _receivedAt,
  inputs,
  checkpoint,
  ...body
}: AlarmRecord): Buffer => {
  const text = JSON.stringify({ ...body, inputs: inputs.map(writeInput) });
  return Buffer.from(`${text.slice(0, -1)},"checkpoint":${checkpointText(checkpoint)}}`);
};

/** An input as it is written; of today's format nothing but its time and type was looked at. */
const WrittenInput = z.custom<{ readonly at: number; readonly type: string }>((input) => {
  const { at, type } = (input ?? {}) as { readonly at?: unknown; readonly type?: unknown };
  return typeof at === 'number' && typeof type === 'string';
});

/** The record for who puts it into the database: inputs and checkpoint as they are written there. */
export type AlarmToStore = Omit<AlarmRecord, 'inputs' | 'checkpoint'> & {
  readonly inputs: readonly z.infer<typeof WrittenInput>[];
  readonly checkpoint: object | null;
};

const reading = <Body>(read: () => Body): Body => {
  try {
    return read();
  } catch (cause) {
    const isNot = cause instanceof SyntaxError || cause instanceof z.ZodError || cause instanceof UnreadableFormatError;
    if (!isNot) throw cause;
    throw new RangeError('not the body of an alarm record', { cause });
  }
};

const parseBody = (bytes: Buffer): StoredBody => StoredBody.parse(JSON.parse(bytes.toString('utf8')));

/** Throws a RangeError for bytes that are no such body, and a NewerFormatError. */
export const readAlarmBody = (bytes: Buffer, format: number): AlarmBody =>
  reading(() => {
    const { inputs, events, checkpoint, ...rest } = parseBody(bytes);
    return {
      ...rest,
      inputs: inputs.map((input) => readInput(input, format)),
      events: events.map((event) => readEvent(event, format)),
      checkpoint: checkpoint && {
        state: readState(checkpoint.state, format),
        config: readConfig(checkpoint.config, format),
      },
    };
  });

/**
 * The same for who only puts it into the database. What is in the form in which it is kept there already goes through as it
 * is: to read every state of a ward and to write it again kept a station that starts from its messages for a tenth of a
 * second at a time.
 */
export const readAlarmBodyToStore = (bytes: Buffer, format: number): Omit<AlarmToStore, 'kind' | 'receivedAt'> => {
  if (format !== FORMAT) {
    const { checkpoint, ...rest } = readAlarmBody(bytes, format);
    return { ...rest, checkpoint: checkpoint && writeCheckpoint(checkpoint) };
  }
  return reading(() => {
    const { inputs, events, ...rest } = parseBody(bytes);
    return {
      ...rest,
      inputs: inputs.map((input) => WrittenInput.parse(input)),
      events: events.map((event) => readEvent(event, format)),
    };
  });
};
