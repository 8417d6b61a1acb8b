import type { AlarmEvent, AlarmInput, EngineEvent } from '#domain/alarms/alarm.ts';
import { step } from '#domain/alarms/engine.ts';
import type { AlarmConfig } from '#domain/alarms/settings.ts';
import { type AlarmState, initialState } from '#domain/alarms/state.ts';

/**
 * One bed, or the station, on its way through the engine.
 *
 * Inputs take place between milliseconds: one that comes at 12.345 s is taken as of 12.3455 s, after all that arrived in that
 * millisecond and before all that arrives in the next. So the order in which things were decided can be told from their
 * times alone, and a recomputation from the database meets them in the same order.
 */

/** An input without its time. */
export type NewInput = AlarmInput extends infer Input ? (Input extends AlarmInput ? Omit<Input, 'at'> : never) : never;

export type Waiting = {
  readonly input: AlarmInput;
  /** Called as it is taken: adds what is known only then. */
  readonly complete?: (input: AlarmInput) => AlarmInput;
  /** Called before it is taken: throws when it is refused, and then it is not taken. */
  readonly check?: (input: AlarmInput, subject: Subject) => void;
  readonly onRefused?: (error: unknown) => void;
  /** Called once it is taken, and what it did is stored. */
  readonly onStored?: () => void;
};

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

const HALF = 0.5;

/** Has a subject that was brought back go on from here: before all that comes since the start. */
export const resume = (subject: Subject, startedAt: number): void => {
  subject.waiting.push({ input: { type: 'resumed', at: Math.floor(startedAt) - HALF } });
};

/** The input comes now, and is taken as soon as this millisecond is over. */
export const enqueue = (subject: Subject, input: NewInput, now: number, rest: Omit<Waiting, 'input'> = {}): void => {
  subject.waiting.push({ input: { ...input, at: Math.floor(now) + HALF } as AlarmInput, ...rest });
};

export const feed = (subject: Subject, event: EngineEvent): void => {
  const { state, events } = step(subject.state, event, subject.config);
  subject.state = state;
  for (const happened of events) subject.events.push(happened);
};

const take = (subject: Subject, { input: waiting, complete, check, onRefused, onStored }: Waiting): void => {
  const input = complete?.(waiting) ?? waiting;
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
  take(subject, { input: { ...input, at: Math.floor(at) - HALF } as AlarmInput });

/** Takes the inputs that came before `now`, in order. To be called before anything else is taken as of `now`. */
export const takeWaiting = (subject: Subject, now: number): void => {
  if (now < subject.state.at - SET_BACK_MS) take(subject, { input: { type: 'resumed', at: Math.floor(now) - HALF } });
  for (let next = subject.waiting[0]; next && next.input.at < now; next = subject.waiting[0]) {
    subject.waiting.shift();
    take(subject, next);
  }
};
