import type { VitalId } from '../../vitals.ts';
import type { ConditionId, Priority, Side } from '../names.ts';
import type { AlarmConfig } from '../settings.ts';
import type { AlarmState } from '../state.ts';
import type { VitalAlarmSettings } from '../vital-settings.ts';

/** The types that describe kinds: their conditions, and for the limits of vitals their levels. */

export type Condition = {
  readonly type: 'physiological' | 'technical';
  readonly priority: Priority;
  readonly label: { readonly en: string; readonly zh: string };
  /**
   * The condition can happen to any vital, and is shown with the name of the vital. The label of every other condition
   * is complete.
   */
  readonly isOfAnyVital?: true;
};
export type Conditions = Readonly<Partial<Record<ConditionId, Condition>>>;

/** The levels from mild to worst, so that those of vitals that are announced as one can be compared. */
const RANKS = { limit: 0, 'never-seen': 1, extreme: 2, 'nothing-seen': 3, zero: 4 } as const;

/**
 * What makes a level hold. `zero`: the value is 0 after a sign of life was seen. `never-seen`: the value is 0, and no
 * beat or pulse was seen yet. `nothing-seen`: the value is 0, and other signs of life are 0 or missing too.
 */
export type LevelTrigger = keyof typeof RANKS;

/** How long a level must hold, and in how many readings. */
export type Wait = { readonly delayMs: number; readonly readings: number };
export type WaitRule = (
  settings: VitalAlarmSettings,
  config: AlarmConfig,
  state: Pick<AlarmState, 'hasBeaten'>,
) => Wait;

/** `rank` says how bad the level is. */
export type Level = {
  readonly condition: ConditionId;
  readonly priority: Priority;
  readonly trigger: LevelTrigger;
  readonly rank: number;
  readonly wait: WaitRule;
};

/** Creates the levels of a kind; their priorities are those of its conditions. */
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
  /** The levels beyond the limit, for the vitals that have any. */
  readonly worse: Readonly<Partial<Record<VitalId, readonly Level[]>>>;
};

/** The mildest level of each side waits as long as the vital's settings say. */
export const waitOfLimit: WaitRule = ({ delayMs }) => ({ delayMs, readings: 1 });
