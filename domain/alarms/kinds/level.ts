import type { VitalId } from '../../vitals.ts';
import type { ConditionId, Priority, Side } from '../names.ts';
import type { AlarmConfig } from '../settings.ts';
import type { AlarmState } from '../state.ts';
import type { VitalAlarmSettings } from '../vital-settings.ts';

/** The words that every kind is told in: its conditions, and for the limits of vitals the levels of each. */

export type Condition = {
  readonly type: 'physiological' | 'technical';
  readonly priority: Priority;
  readonly label: { readonly en: string; readonly zh: string };
  /** It can happen to any vital, and is told with the name of the vital. The others are a name of their own. */
  readonly isOfAnyVital?: true;
};
export type Conditions = Readonly<Partial<Record<ConditionId, Condition>>>;

/** From mild to worst, so that levels of vitals that are announced as one can be compared. */
const RANKS = { limit: 0, 'never-seen': 1, extreme: 2, 'nothing-seen': 3, zero: 4 } as const;

/**
 * What makes a level hold. `zero`: the value is 0, and was not before. `never-seen`: it is 0 and nothing else was seen yet.
 * `nothing-seen`: it is 0, and what else would show a life is 0 or nothing too.
 */
export type LevelTrigger = keyof typeof RANKS;

/** How long a level must hold, and in how many readings. */
export type Wait = { readonly delayMs: number; readonly readings: number };
export type WaitRule = (
  settings: VitalAlarmSettings,
  config: AlarmConfig,
  state: Pick<AlarmState, 'hasBeaten'>,
) => Wait;

/** `rank`: how bad it is. */
export type Level = {
  readonly condition: ConditionId;
  readonly priority: Priority;
  readonly trigger: LevelTrigger;
  readonly rank: number;
  readonly wait: WaitRule;
};

/** Makes the levels of a kind, whose priorities stand with its conditions. */
export const createLevel =
  <Known extends Conditions>(conditions: Known) =>
  (condition: keyof Known & ConditionId, trigger: LevelTrigger, wait: WaitRule): Level => ({
    condition,
    priority: conditions[condition]?.priority ?? 'high',
    trigger,
    rank: RANKS[trigger],
    wait,
  });

/** One side of the limits: its conditions, and the levels that each vital has, from mild to worst. */
export type LimitSide = {
  readonly side: Side;
  readonly conditions: Conditions;
  readonly limit: Level;
  /** Vitals whose kinds have more than the limit. */
  readonly worse: Readonly<Partial<Record<VitalId, readonly Level[]>>>;
};

/** The mildest level of each side waits as long as the vital's settings say. */
export const waitOfLimit: WaitRule = ({ delayMs }) => ({ delayMs, readings: 1 });
