import type { Phase } from './names.ts';

/** What an alarm of a monitor is to the station. `none`: it is not there, or not any more. */
export type EpisodeState = 'none' | 'active' | 'latched';

/**
 * What may happen to it: a phase that the monitor tells, or
 * `lacking`: a snapshot does not have it; `acknowledge`, `clear`: an operator of the station acknowledges or resets it;
 * `leave`: the patient or the device goes; `pass`: a point in time has been shown for long enough.
 */
export type EpisodeEvent = Phase | 'lacking' | 'acknowledge' | 'clear' | 'leave' | 'pass';

/**
 * `open`: an alarm begins, also when its start was lost. `point`: it begins, and is over already. `confirm`: it goes on.
 * `change`: it goes on, as the monitor now tells it. `latch`: its end was not seen by anybody. `recur`: it is there
 * again.
 */
export type Outcome = 'open' | 'point' | 'confirm' | 'change' | 'latch' | 'recur' | 'acknowledge' | 'end' | 'ignore';

/** Total: a state or an event without a cell does not compile. */
export const EPISODES: Readonly<Record<EpisodeState, Readonly<Record<EpisodeEvent, Outcome>>>> = {
  none: {
    start: 'open',
    continue: 'open',
    update: 'open',
    escalate: 'open',
    'de-escalate': 'open',
    end: 'ignore',
    reset: 'ignore',
    tpoint: 'point',
    lacking: 'ignore',
    acknowledge: 'ignore',
    clear: 'ignore',
    leave: 'ignore',
    pass: 'ignore',
  },
  active: {
    start: 'change',
    continue: 'confirm',
    update: 'change',
    escalate: 'change',
    'de-escalate': 'change',
    end: 'end',
    reset: 'end',
    tpoint: 'change',
    lacking: 'latch',
    acknowledge: 'acknowledge',
    clear: 'ignore',
    leave: 'end',
    pass: 'ignore',
  },
  latched: {
    start: 'recur',
    continue: 'recur',
    update: 'recur',
    escalate: 'recur',
    'de-escalate': 'recur',
    // Nobody saw it: that it is over is known already.
    end: 'ignore',
    // Somebody at the monitor saw it.
    reset: 'end',
    tpoint: 'point',
    lacking: 'ignore',
    acknowledge: 'end',
    clear: 'end',
    leave: 'end',
    pass: 'end',
  },
};
