/**
 * Has one round of some work run at a time. A round that runs may have begun before what it is asked for: whoever asks
 * meanwhile gets the next one, and all who do share it.
 */
export const createRounds = (work: () => Promise<void>): (() => Promise<void>) => {
  let running: Promise<void> | undefined;
  let queued: Promise<void> | undefined;

  const begin = (): Promise<void> => {
    running = work().finally(() => {
      running = undefined;
    });
    return running;
  };

  const beginQueued = (): Promise<void> => {
    queued = undefined;
    return ask();
  };

  const ask = (): Promise<void> => {
    if (!running) return begin();
    queued ??= running.then(beginQueued, beginQueued);
    return queued;
  };
  return ask;
};
