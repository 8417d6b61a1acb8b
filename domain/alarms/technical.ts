import type { EndCause } from './alarm.ts';
import { type Evidence, endAlarm, NO_READING, openAlarm } from './announce.ts';
import { type DueAct, noteDue } from './due.ts';
import type { Reactions, TechnicalKind } from './kinds/kind.ts';
import type { Condition, Conditions } from './kinds/level.ts';
import type { ConditionId, TechnicalKindId } from './names.ts';
import type { AlarmConfig } from './settings.ts';
import { putTechnical, type Transition } from './transition.ts';

/** What the technical kinds have in common: they are about the bed's device or the station, and never latch. */

/** Opens the alarm of the kind, whose condition holds since `startedAt`. */
export const openTechnical = (
  transition: Transition,
  kind: TechnicalKindId,
  at: number,
  what: {
    readonly condition: ConditionId;
    readonly priority: Condition['priority'];
    readonly startedAt: number;
    readonly evidence: Evidence;
  },
): void => {
  const alarm = openAlarm(transition, at, { kind, vital: null, ...what });
  putTechnical(transition, kind, { since: transition.state.technical[kind].since, alarm });
};

/** Ends the alarm of the kind: its condition does not hold any more. */
export const endTechnical = (
  transition: Transition,
  kind: TechnicalKindId,
  at: number,
  cause: EndCause = 'recovered',
): void => {
  const { alarm } = transition.state.technical[kind];
  putTechnical(transition, kind, { since: null, alarm: alarm && endAlarm(transition, at, alarm, cause) });
};

/** Forgets what has begun to count and has not alarmed (D5). */
export const forgetTechnical = (transition: Transition, kind: TechnicalKindId): void => {
  const { since, alarm } = transition.state.technical[kind];
  if (since !== null && !alarm) putTechnical(transition, kind, { since: null, alarm });
};

/** A reported value, and the limit by which it is judged. */
export const evidenceOf = (value: number, limit: number): Evidence => ({ ...NO_READING, value, limit });

/** Takes in whether the condition holds now. */
export type Tell = (transition: Transition, at: number, holds: boolean, evidence?: Evidence) => void;

type Described = {
  readonly id: TechnicalKindId;
  readonly conditions: Conditions;
  readonly condition: ConditionId;
  readonly delayMs: (config: AlarmConfig) => number;
  /**
   * `isOpen`: whether the condition held after the last report, so that it can end at another value than it began at.
   */
  readonly on: (tell: Tell, isOpen: (transition: Transition) => boolean) => Reactions;
};

/** Creates a kind of one condition that is reported by inputs, and that alarms when it has held for its delay. */
export const createToldKind = ({ id, conditions, condition, delayMs, on }: Described): TechnicalKind => {
  const priority = conditions[condition]?.priority ?? 'medium';
  const open = (transition: Transition, at: number, startedAt: number, evidence: Evidence): void =>
    openTechnical(transition, id, at, { condition, priority, startedAt, evidence });
  const act: DueAct = (transition, at) => open(transition, at, transition.state.technical[id].since ?? at, NO_READING);
  const tell: Tell = (transition, at, holds, evidence = NO_READING) => {
    const { since, alarm } = transition.state.technical[id];
    if (holds === (since !== null)) return;
    if (!holds) {
      endTechnical(transition, id, at);
      return;
    }
    putTechnical(transition, id, { since: at, alarm });
    if (!alarm && delayMs(transition.config) === 0) open(transition, at, at, evidence);
  };
  return {
    id,
    conditions,
    isDueOnlyOnTrack: true,
    findDue(due, state, config) {
      const { since, alarm } = state.technical[id];
      if (since !== null && !alarm) noteDue(due, since + delayMs(config), act, 0);
    },
    on: on(tell, ({ state }) => state.technical[id].since !== null),
  };
};

export const AT_ONCE = (): number => 0;
