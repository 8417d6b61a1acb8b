import type { MonitorAlarmEvent, MonitorInput, MonitorStepEvent } from '#domain/monitor-alarms/alarm.ts';
import { stepMonitor } from '#domain/monitor-alarms/engine.ts';
import { initialMonitorState, type MonitorState } from '#domain/monitor-alarms/state.ts';

/** The monitors' alarms of one bed, on their way through the step function. */
export type Subject = {
  readonly bed: string;
  unit: string | null;
  state: MonitorState;
  /** What happened since it was last taken. */
  inputs: MonitorInput[];
  events: MonitorAlarmEvent[];
  stored: (() => void)[];
  /** The state that is in the journal. */
  savedRevision: number;
  /** When a recomputation is next given a place to begin. */
  checkpointAt: number;
};

/** An input without its time. */
export type NewInput = MonitorInput extends infer Input
  ? Input extends MonitorInput
    ? Omit<Input, 'at'>
    : never
  : never;

export const createSubject = (bed: string, state: MonitorState = initialMonitorState(bed)): Subject => ({
  bed,
  unit: null,
  state,
  inputs: [],
  events: [],
  stored: [],
  savedRevision: state.revision,
  checkpointAt: 0,
});

/** A step back of the clock that is more than a correction of the last millisecond. */
const SET_BACK_MS = 1_000;

const step = (subject: Subject, event: MonitorStepEvent): void => {
  const { state, events } = stepMonitor(subject.state, event);
  subject.state = state;
  subject.events.push(...events);
};

/** TypeScript cannot see that an input without its time and a time are that input. */
const inputAt = (at: number, input: NewInput): MonitorInput => ({ ...input, at }) as MonitorInput;

const takeAt = (subject: Subject, at: number, input: NewInput): void => {
  const timed = inputAt(at, input);
  subject.inputs.push(timed);
  step(subject, timed);
};

/** Takes an input as of now. No input is before the one before it, so that their times and numbers give their order. */
export const take = (subject: Subject, now: number, input: NewInput): void => {
  if (now < subject.state.at - SET_BACK_MS) takeAt(subject, now, { type: 'resumed' });
  takeAt(subject, Math.max(now, subject.state.at), input);
};

/** Has time pass. */
export const tick = (subject: Subject, at: number): void => step(subject, { type: 'tick', at });
