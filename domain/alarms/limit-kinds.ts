import { VITAL_IDS, type VitalId } from '../vitals.ts';
import { high } from './kinds/high.ts';
import type { Level, LimitSide } from './kinds/level.ts';
import { low } from './kinds/low.ts';
import type { ConditionId, Side } from './names.ts';

/** The limit kinds of every vital, built from `kinds/low.ts` and `kinds/high.ts`. */

export type LimitKind = {
  readonly id: string;
  readonly vital: VitalId;
  readonly side: Side;
  readonly levels: readonly Level[];
};

const kindOf = (vital: VitalId, { side, limit, worse }: LimitSide): LimitKind => ({
  id: `${vital}-${side}`,
  vital,
  side,
  levels: [limit, ...(worse[vital] ?? [])],
});

/** The limit kinds, indexed by the vital's place in the catalogue. */
export const LIMIT_KINDS: readonly { readonly low: LimitKind; readonly high: LimitKind }[] = VITAL_IDS.map((id) => ({
  low: kindOf(id, low),
  high: kindOf(id, high),
}));

const rankByCondition = new Map<ConditionId, number>(
  LIMIT_KINDS.flatMap((kinds) => [...kinds.low.levels, ...kinds.high.levels]).map(({ condition, rank }) => [
    condition,
    rank,
  ]),
);

/** How bad a limit condition is compared with the others; 0 is the mildest. */
export const rankOf = (id: ConditionId): number => rankByCondition.get(id) ?? 0;

const has = (vital: VitalId, { worse }: LimitSide, trigger: Level['trigger']): boolean =>
  worse[vital]?.some((level) => level.trigger === trigger) ?? false;

export const hasExtreme = (vital: VitalId, side: Side): boolean => has(vital, side === 'low' ? low : high, 'extreme');

export const hasZero = (vital: VitalId): boolean => has(vital, low, 'zero');
