import type { Condition, Conditions } from './kinds/level.ts';
import { TECHNICAL_KINDS, VITAL_KINDS } from './kinds/table.ts';
import { LIMIT_KINDS } from './limit-kinds.ts';
import { CONDITION_IDS, type ConditionId } from './names.ts';

/**
 * The conditions the engine can decide, as the kinds tell them. An alarm is of one kind; the conditions of a kind are its
 * levels, from mild to worst, and a worse one escalates the same alarm. Other rooms take from here whatever they need to
 * know of kinds and conditions.
 */

export type { Level } from './kinds/level.ts';
export { KIND_IDS } from './kinds/table.ts';
export { hasExtreme, hasZero, LIMIT_KINDS, type LimitKind, rankOf } from './limit-kinds.ts';
export { CONDITION_IDS, type ConditionId, PRIORITIES, type Priority, type Side } from './names.ts';
export { signalKind } from './probes.ts';

const known: Conditions = Object.assign({}, ...[...TECHNICAL_KINDS, ...VITAL_KINDS].map((kind) => kind.conditions));

const conditionOf = (id: ConditionId): Condition => {
  const found = known[id];
  if (!found) throw new Error(`no kind of alarm has the condition ${id}`);
  return found;
};

/** By id, in the order of their names. A name that no kind has fails here, at the start. */
export const CONDITIONS = Object.fromEntries(CONDITION_IDS.map((id) => [id, conditionOf(id)])) as Readonly<
  Record<ConditionId, Condition>
>;

export const condition = (id: ConditionId): Condition => CONDITIONS[id];

/** Kinds that may be switched off: those that are only about limits. What is worse than the limit goes on alarming. */
export const mayBeOff = (kind: string): boolean =>
  LIMIT_KINDS.some(({ low, high }) => low.id === kind || high.id === kind);
