import type { VitalId } from '../../vitals.ts';
import type { Alarm, EndCause, EngineEvent, VitalReading } from '../alarm.ts';
import type { DeviceState } from '../device-state.ts';
import type { Due } from '../due.ts';
import type { Start } from '../limits.ts';
import type { TechnicalKindId } from '../names.ts';
import type { AlarmConfig } from '../settings.ts';
import type { AlarmState, VitalState } from '../state.ts';
import type { Transition } from '../transition.ts';
import type { Conditions } from './level.ts';

/** What the engine needs of a kind of alarm, which is a row of `table.ts`. The engine knows no kind by name. */

type Told = Exclude<EngineEvent['type'], 'tick'>;

/**
 * What a kind does at each type of event; an event that is not named does nothing to it. `at` is when the event
 * happens, and `place` is where at the bed the device is that it is about.
 */
export type Reactions = {
  readonly [Type in Told]?: (
    event: Extract<EngineEvent, { type: Type }>,
    transition: Transition,
    at: number,
    place: number,
  ) => void;
};

/**
 * A kind that does not belong to a vital but to a device, or to the station. Its track begins idle, and another patient
 * makes it idle again.
 */
export type TechnicalKind = {
  readonly id: TechnicalKindId;
  readonly conditions: Conditions;
  /** Nothing of the kind is due by time while its track is idle, so that the kind need not be asked. */
  readonly isDueOnlyOnTrack?: true;
  /** Notes when the kind is next due by time, if it is. */
  readonly findDue: (due: Due, state: AlarmState, config: AlarmConfig, device: DeviceState, place: number) => void;
  readonly on: Reactions;
};

/** A kind of vitals. `index` is the vital's place in the catalogue. */
export type VitalKind = {
  /** undefined: the vital does not have the kind. */
  readonly idOf: (vital: VitalId) => string | undefined;
  readonly conditions: Conditions;
  /**
   * Whether settings switch the kind on for the vital; undefined: it is always on. A kind that is off is asked only about
   * vitals of which it still remembers something (`courses`).
   */
  readonly isOn?: (config: AlarmConfig, vital: VitalId) => boolean;
  /**
   * Notes when the kind is next due for the vital, if it is. Called for every vital after every event: most have
   * nothing to note.
   */
  readonly findDue: (due: Due, state: AlarmState, config: AlarmConfig, vital: VitalState, index: number) => void;
  /**
   * Takes in the value of a vital, from a new reading, or again by other settings. What is met only now counts from
   * `start`. `isAnother`: the value comes from another reading than before. `ended`: the cause, if the value ends an
   * alarm. Returns true when there may be something to decide. Decisions wait until every reading of a message was
   * tracked (C9).
   */
  readonly track?: (
    transition: Transition,
    index: number,
    at: number,
    start: Start,
    isAnother: boolean,
    ended: EndCause,
  ) => boolean;
  /** Takes in a reading of a device that is not the source of the vital. */
  readonly passOver?: (
    transition: Transition,
    index: number,
    at: number,
    reading: VitalReading,
    device: string | null,
  ) => void;
  /** Called when every reading of a message was tracked: alarms begin and get worse. */
  readonly decide?: (transition: Transition, index: number, at: number) => void;
  /** Called when everything of a message was decided: alarms name the vitals that keep them going. */
  readonly follow?: (transition: Transition, index: number, at: number) => void;
  /** Whether there is something to inhibit: something counts, or keeps an alarm going. */
  readonly isGoing?: (vital: VitalState) => boolean;
  /** Called when there is no value any more to decide by (D3). */
  readonly inhibit?: (transition: Transition, index: number, at: number) => void;
  /** Called when the station was not running: what had begun to count counts anew (D5). */
  readonly forget?: (transition: Transition, index: number) => void;
  /** Called when the last threshold of the vital was taken away (C7). */
  readonly unwatch?: (transition: Transition, index: number, at: number) => void;
  /** Called when the device's clock was put forward or back: remembered measured times move with it (A7). */
  readonly stepClock?: (transition: Transition, index: number, stepMs: number) => void;
  readonly alarmOf: (vital: VitalState) => Alarm | null;
  /** Puts the alarm as it is after an operator's action; null: it ended. */
  readonly putAlarm: (transition: Transition, index: number, alarm: Alarm | null) => void;
};
