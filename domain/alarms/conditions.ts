import { conditions as burden } from './kinds/burden.ts';
import { conditions as change } from './kinds/change.ts';
import { conditions as deviceBattery } from './kinds/device-battery.ts';
import { conditions as deviceClock } from './kinds/device-clock.ts';
import { conditions as deviceData } from './kinds/device-data.ts';
import { conditions as deviceFrozen } from './kinds/device-frozen.ts';
import { conditions as deviceGap } from './kinds/device-gap.ts';
import { conditions as deviceLink } from './kinds/device-link.ts';
import { conditions as disagree } from './kinds/disagree.ts';
import { conditions as gatewayLink } from './kinds/gateway-link.ts';
import { conditions as high } from './kinds/high.ts';
import type { Condition } from './kinds/level.ts';
import { conditions as low } from './kinds/low.ts';
import { conditions as pulseless } from './kinds/pulseless.ts';
import { conditions as signal } from './kinds/signal.ts';
import { conditions as stationDatabase } from './kinds/station-database.ts';
import { conditions as stationJournal } from './kinds/station-journal.ts';
import { LIMIT_KINDS } from './limit-kinds.ts';
import type { ConditionId } from './names.ts';

/**
 * All conditions that the engine can decide, collected from the kinds. An alarm is of one kind; the conditions of a
 * kind are its levels, from mild to worst, and a worse one escalates the same alarm. Other folders import from here
 * what they need to know about kinds and conditions.
 */

export type { Level } from './kinds/level.ts';
export { hasExtreme, hasZero, LIMIT_KINDS, type LimitKind, rankOf } from './limit-kinds.ts';
export {
  CONDITION_IDS,
  COURSE_CONDITIONS,
  COURSE_KIND_IDS,
  type ConditionId,
  courseKind,
  hasCourseKind,
  KIND_IDS,
  PRIORITIES,
  type Priority,
  type Side,
  signalKind,
} from './names.ts';

/**
 * A condition without a kind does not compile. The browser takes only these rows from the kinds, and nothing of the
 * engine.
 */
export const CONDITIONS = {
  ...low,
  ...high,
  ...change,
  ...burden,
  ...disagree,
  ...pulseless,
  ...signal,
  ...deviceLink,
  ...deviceData,
  ...deviceBattery,
  ...deviceClock,
  ...deviceGap,
  ...deviceFrozen,
  ...gatewayLink,
  ...stationJournal,
  ...stationDatabase,
} as const satisfies Readonly<Record<ConditionId, Condition>>;

export const condition = (id: ConditionId): Condition => CONDITIONS[id];

/** Whether a kind may be switched off: only kinds of limits may. What is worse than the limit goes on alarming. */
export const mayBeOff = (kind: string): boolean =>
  LIMIT_KINDS.some(({ low, high }) => low.id === kind || high.id === kind);
