import { type Due, type DueAct, noteDue } from './due.ts';
import type { AlarmState } from './state.ts';
import { announce, edit, type Transition } from './transition.ts';

/** Pauses end by themselves at the time that was set for them (E7). */

const endInactivation: DueAct = (transition, at, index) => {
  const { inactivations } = transition.state;
  const inactivation = inactivations[index];
  if (!inactivation) return;
  edit(transition).inactivations = inactivations.filter((one) => one !== inactivation);
  announce(transition, { type: 'reactivated', at, inactivation, by: null });
};

export const findDuePause = (due: Due, { inactivations }: AlarmState): void => {
  for (let index = 0; index < inactivations.length; index++) {
    noteDue(due, inactivations[index]?.until ?? Number.POSITIVE_INFINITY, endInactivation, index);
  }
};

/**
 * Ends the pauses whose time was over while the station was not running, and after a clock was set back those that
 * would now last too long.
 */
export const endPausesBefore = (transition: Transition, at: number): void => {
  const { state } = transition;
  const over = state.inactivations.flatMap((inactivation) => {
    const { since, until } = inactivation;
    return until !== null && (until < at || since > at) ? [{ inactivation, endsAt: Math.min(until, at) }] : [];
  });
  for (const { inactivation, endsAt } of over.sort((one, other) => one.endsAt - other.endsAt)) {
    endInactivation(transition, endsAt, state.inactivations.indexOf(inactivation));
  }
};
