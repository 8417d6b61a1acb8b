import type { AlarmEvent, AlarmInput, EngineEvent } from '#domain/alarms/alarm.ts';
import { step } from '#domain/alarms/engine.ts';
import type { AlarmConfig } from '#domain/alarms/settings.ts';
import { type AlarmState, initialState } from '#domain/alarms/state.ts';
import { afterMillisecond, beforeMillisecond, isBefore, type Moment, readMoment, writeMoment } from '#domain/moment.ts';

/**
 * One bed, or the station, on its way through the engine.
 *
 * Inputs take place between milliseconds: one that comes at 12.345 s is taken after all that arrived in that millisecond
 * and before all that arrives in the next (`domain/moment.ts`).
 */

/** An input without its time. */
export type NewInput = AlarmInput extends infer Input ? (Input extends AlarmInput ? Omit<Input, 'at'> : never) : never;

export type Waiting = {
  readonly moment: Moment;
  readonly input: NewInput;
  /** Called as it is taken: adds what is known only then. */
  readonly complete?: (input: AlarmInput) => AlarmInput;
  /** Called before it is taken: throws when it is refused, and then it is not taken. */
  readonly check?: (input: AlarmInput, subject: Subject) => void;
  readonly onRefused?: (error: unknown) => void;
  /** Called once it is taken, and what it did is stored. */
  readonly onStored?: () => void;
};

/** What is done about an input as it is taken. */
export type Handling = Omit<Waiting, 'moment' | 'input'>;

export type Subject = {
  readonly key: string;
  /** null: the station. */
  readonly bed: string | null;
  unit: string | null;
  state: AlarmState;
  config: AlarmConfig;
  readonly waiting: Waiting[];
  /** What happened since it was last taken. */
  inputs: AlarmInput[];
  events: AlarmEvent[];
  stored: (() => void)[];
  /** The state that is in the journal. */
  savedRevision: number;
  /** When a recomputation is next given a place to begin. */
  checkpointAt: number;
  readonly staggerMs: number;
};

/** No bed can have this id. */
export const STATION = '_station';

export const createSubject = ({
  bed,
  unit,
  config,
  staggerMs,
  state = initialState(bed ?? STATION),
}: {
  bed: string | null;
  unit: string | null;
  config: AlarmConfig;
  staggerMs: number;
  state?: AlarmState | undefined;
}): Subject => ({
  key: bed ?? STATION,
  bed,
  unit,
  state,
  config,
  waiting: [],
  inputs: [],
  events: [],
  stored: [],
  savedRevision: state.revision,
  checkpointAt: 0,
  staggerMs,
});

/** A step back of the clock that is more than a correction of the last millisecond. */
const SET_BACK_MS = 1_000;

/** TypeScript cannot see that an input without its time and a time are that input. */
const inputAt = (moment: Moment, input: NewInput): AlarmInput => ({ ...input, at: writeMoment(moment) }) as AlarmInput;

/** Has a subject that was brought back go on from here: before all that comes since the start. */
export const resume = (subject: Subject, startedAt: number): void => {
  subject.waiting.push({ moment: beforeMillisecond(startedAt), input: { type: 'resumed' } });
};

/** The input comes now, and is taken as soon as this millisecond is over. */
export const enqueue = (subject: Subject, input: NewInput, now: number, handling: Handling = {}): void => {
  subject.waiting.push({ moment: afterMillisecond(now), input, ...handling });
};

export const feed = (subject: Subject, event: EngineEvent): void => {
  const { state, events } = step(subject.state, event, subject.config);
  subject.state = state;
  for (const happened of events) subject.events.push(happened);
};

const take = (subject: Subject, { moment, input: told, complete, check, onRefused, onStored }: Waiting): void => {
  const timed = inputAt(moment, told);
  const input = complete?.(timed) ?? timed;
  try {
    check?.(input, subject);
  } catch (error) {
    onRefused?.(error);
    return;
  }
  subject.inputs.push(input);
  if (onStored) subject.stored.push(onStored);
  feed(subject, input);
  // What was due before it was due by the settings before it.
  if (input.type === 'occupied' || input.type === 'configured') subject.config = input.config;
};

/** Takes an input that is known by a message that arrives at `at`, and happened before it. To be called when all else before it was taken. */
export const takeBefore = (subject: Subject, at: number, input: NewInput): void =>
  take(subject, { moment: beforeMillisecond(at), input });

const takeWhile = (subject: Subject, isTaken: (next: Waiting) => boolean): void => {
  for (let next = subject.waiting[0]; next && isTaken(next); next = subject.waiting[0]) {
    subject.waiting.shift();
    take(subject, next);
  }
};

/** Takes the inputs that came before `now`, in order. To be called before anything else is taken as of `now`. */
export const takeWaiting = (subject: Subject, now: number): void => {
  if (now < subject.state.at - SET_BACK_MS) takeBefore(subject, now, { type: 'resumed' });
  // For nearly every message nothing waits, and no moment need be made.
  if (subject.waiting.length === 0) return;
  const moment = readMoment(now);
  takeWhile(subject, (next) => isBefore(next.moment, moment));
};

/** Takes all inputs that wait, in order. */
export const takeAllWaiting = (subject: Subject): void => takeWhile(subject, () => true);
