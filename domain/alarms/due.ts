import type { Transition } from './transition.ts';

/** What happens to the thing at `index` when its time has come. */
export type DueAct = (transition: Transition, at: number, index: number) => void;

/** The next thing to happen if nothing but time passes. `at` is Infinity when nothing is. One is filled again and again. */
export type Due = { at: number; act: DueAct; index: number };

/** When two things are due at the same moment, the first noted is the first to happen. */
export const noteDue = (due: Due, at: number, act: DueAct, index: number): void => {
  if (at >= due.at) return;
  due.at = at;
  due.act = act;
  due.index = index;
};
