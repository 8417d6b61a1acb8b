import type { Transition } from './transition.ts';

/** Does what was due. `index` is the place of the vital, of the inactivation, or at the bed of the device. */
export type DueAct = (transition: Transition, at: number, index: number) => void;

/**
 * The next thing to happen if nothing but time passes. `at` is Infinity when nothing is due. One object is filled again
 * and again.
 */
export type Due = { at: number; act: DueAct; index: number };

/** When two things are due at the same moment, the first noted is the first to happen. */
export const noteDue = (due: Due, at: number, act: DueAct, index: number): void => {
  if (at >= due.at) return;
  due.at = at;
  due.act = act;
  due.index = index;
};
