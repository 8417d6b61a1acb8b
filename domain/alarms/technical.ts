import type { EndCause } from './alarm.ts';
import { type Evidence, endAlarm, NO_READING, openAlarm } from './announce.ts';
import { type DueAct, noteDue } from './due.ts';
import type { Reactions, TechnicalKind } from './kinds/kind.ts';
import type { Condition, Conditions } from './kinds/level.ts';
import type { ConditionId, TechnicalKindId } from './names.ts';
import type { AlarmConfig } from './settings.ts';
import { putTechnical, type Transition, trackOf } from './transition.ts';

/** What the technical kinds have in common: they are about the bed's device or the station, and never latch. */

/** Where there is one device, its alarms need not name it. */
const deviceOf = ({ state: { devices } }: Transition, place: number): string | undefined =>
  devices.length > 1 ? (devices[place]?.id ?? undefined) : undefined;

/** Opens the alarm of the kind, whose condition holds since `startedAt`. `place` is that of the device at the bed. */
export const openTechnical = (
  transition: Transition,
  place: number,
  kind: TechnicalKindId,
  at: number,
  what: {
    readonly condition: ConditionId;
    readonly priority: Condition['priority'];
    readonly startedAt: number;
    readonly evidence: Evidence;
  },
): void => {
  const alarm = openAlarm(transition, at, { kind, vital: null, device: deviceOf(transition, place), ...what });
  putTechnical(transition, place, kind, { since: trackOf(transition, place, kind).since, alarm });
};

/** Ends the alarm of the kind: its condition does not hold any more. */
export const endTechnical = (
  transition: Transition,
  place: number,
  kind: TechnicalKindId,
  at: number,
  cause: EndCause = 'recovered',
): void => {
  const { alarm } = trackOf(transition, place, kind);
  putTechnical(transition, place, kind, { since: null, alarm: alarm && endAlarm(transition, at, alarm, cause) });
};

/** Forgets what has begun to count and has not alarmed (D5). */
export const forgetTechnical = (transition: Transition, place: number, kind: TechnicalKindId): void => {
  const { since, alarm } = trackOf(transition, place, kind);
  if (since !== null && !alarm) putTechnical(transition, place, kind, { since: null, alarm });
};

/** A reported value, and the limit by which it is judged. */
export const evidenceOf = (value: number, limit: number): Evidence => ({ ...NO_READING, value, limit });

/** Takes in whether the condition holds now. */
export type Tell = (transition: Transition, at: number, place: number, holds: boolean, evidence?: Evidence) => void;

type Described = {
  readonly id: TechnicalKindId;
  readonly conditions: Conditions;
  readonly condition: ConditionId;
  readonly delayMs: (config: AlarmConfig) => number;
  /**
   * `isOpen`: whether the condition held after the last report, so that it can end at another value than it began at.
   */
  readonly on: (tell: Tell, isOpen: (transition: Transition, place: number) => boolean) => Reactions;
};

/** Creates a kind of one condition that is reported by inputs, and that alarms when it has held for its delay. */
export const createToldKind = ({ id, conditions, condition, delayMs, on }: Described): TechnicalKind => {
  const priority = conditions[condition]?.priority ?? 'medium';
  const open = (transition: Transition, at: number, place: number, startedAt: number, evidence: Evidence): void =>
    openTechnical(transition, place, id, at, { condition, priority, startedAt, evidence });
  const act: DueAct = (transition, at, place) =>
    open(transition, at, place, trackOf(transition, place, id).since ?? at, NO_READING);
  const tell: Tell = (transition, at, place, holds, evidence = NO_READING) => {
    const { since, alarm } = trackOf(transition, place, id);
    if (holds === (since !== null)) return;
    if (!holds) {
      endTechnical(transition, place, id, at);
      return;
    }
    putTechnical(transition, place, id, { since: at, alarm });
    if (!alarm && delayMs(transition.config) === 0) open(transition, at, place, at, evidence);
  };
  return {
    id,
    conditions,
    isDueOnlyOnTrack: true,
    findDue(due, _state, config, { technical }, place) {
      const { since, alarm } = technical[id];
      if (since !== null && !alarm) noteDue(due, since + delayMs(config), act, place);
    },
    on: on(tell, (transition, place) => trackOf(transition, place, id).since !== null),
  };
};

export const AT_ONCE = (): number => 0;
