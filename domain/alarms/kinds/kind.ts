import type { VitalId } from '../../vitals.ts';
import type { Alarm, EndCause, EngineEvent } from '../alarm.ts';
import type { Due } from '../due.ts';
import type { Start } from '../limits.ts';
import type { TechnicalKindId } from '../names.ts';
import type { AlarmConfig } from '../settings.ts';
import type { AlarmState, VitalState } from '../state.ts';
import type { Transition } from '../transition.ts';
import type { Conditions } from './level.ts';

/** What a kind of alarm tells the engine, which knows no kind by name: the rows of `table.ts`. */

type Told = Exclude<EngineEvent['type'], 'tick'>;

/** What events do to a kind; an event that is not named does nothing to it. `at`: when it happens. */
export type Reactions = {
  readonly [Type in Told]?: (event: Extract<EngineEvent, { type: Type }>, transition: Transition, at: number) => void;
};

/** A kind that is not of a vital. Its track begins idle, and another patient or device makes it idle again. */
export type TechnicalKind = {
  readonly id: TechnicalKindId;
  readonly conditions: Conditions;
  /** Notes when it is next due by time, if it is. */
  readonly findDue: (due: Due, state: AlarmState, config: AlarmConfig) => void;
  readonly on: Reactions;
};

/** A kind that every vital has. `index` is the vital's place in the catalogue. */
export type VitalKind = {
  readonly idOf: (vital: VitalId) => string;
  readonly conditions: Conditions;
  /** Notes when it is next due by time, if it is. Asked of every vital after every event: most have nothing to note. */
  readonly findDue: (due: Due, state: AlarmState, config: AlarmConfig, vital: VitalState, index: number) => void;
  /**
   * The value of a vital is to be judged: of a new reading, or anew by other settings. What is met only now counts from `start`.
   * `isAnother`: the value is of another reading than before; `ended`: why an alarm ends that the value does not hold. True:
   * there may be something to decide. Decisions wait until everything of a message was tracked (C9).
   */
  readonly track?: (
    transition: Transition,
    index: number,
    at: number,
    start: Start,
    isAnother: boolean,
    ended: EndCause,
  ) => boolean;
  /** After all of a message were tracked: alarms begin and get worse. */
  readonly decide?: (transition: Transition, index: number, at: number) => void;
  /** After all of a message were decided: alarms name what holds them. */
  readonly follow?: (transition: Transition, index: number, at: number) => void;
  /** Something counts, or holds an alarm: there is something to inhibit. */
  readonly isGoing?: (vital: VitalState) => boolean;
  /** There is no value any more to go by (D3). */
  readonly inhibit?: (transition: Transition, index: number, at: number) => void;
  /** The station was away: what had begun to count counts anew (D5). */
  readonly forget?: (transition: Transition, index: number) => void;
  /** The last threshold of the vital was taken away (C7). */
  readonly unwatch?: (transition: Transition, index: number, at: number) => void;
  /** The device's clock was put by so much: what is remembered of measured times goes with it (A7). */
  readonly stepClock?: (transition: Transition, index: number, stepMs: number) => void;
  readonly alarmOf: (vital: VitalState) => Alarm | null;
  /** Puts what became of the alarm by what a person did. */
  readonly putAlarm: (transition: Transition, index: number, alarm: Alarm | null) => void;
};
