/** English, and the list of what must be said. */
export const en = {
  loading: 'Loading',
  tryAgain: 'Try again',
  close: 'Close',
  cancel: 'Cancel',
  whichHour: 'This hour is there twice today, when clocks are put back. Which is meant?',
  noSuchTime: 'There is no such time: clocks are put forward past it.',
  limitFaults: {
    number: 'Enter a number, or nothing for off.',
    implausible: (min: string, max: string) => `Must lie between ${min} and ${max}.`,
    order: 'Low must be below high.',
    extremeNeeded: 'This crisis limit cannot be off.',
    extremeLow: 'Crisis low must not be above low.',
    extremeHigh: 'Crisis high must not be below high.',
    extremeUnknown: 'This vital has no such alarm.',
    hysteresis: 'Low and high are too close to each other.',
    delay: (max: string) => `Between 0 and ${max} seconds.`,
  },
  refusals: {
    'signed-out': 'You are no longer signed in. Sign in again.',
    forbidden: 'Your sign-in may look, but not change anything. Ask somebody who signs in as an operator.',
    'not-found': 'This is no longer there. Look at the list again.',
    conflict: 'Not done: it is in the way of something else.',
    stale: 'Not done: somebody has changed it since this was read.',
    invalid: 'Not done: something in the form is not right.',
    busy: 'The station is busy with another request of this kind. Wait a little and try again.',
    away: 'The database does not answer, so that nothing can be looked up or changed now. Live values and alarms go on. Try again in a minute.',
    unreachable: 'The station did not answer. Look whether it is live at the top, then try again.',
  },
};

export type PartsText = Readonly<typeof en>;
