/** Who waits until something is there. */
export type Waiters = {
  /** Resolves with the next `wake`, or on abort. */
  readonly wait: (signal: AbortSignal) => Promise<void>;
  readonly wake: () => void;
};

export const createWaiters = (): Waiters => {
  const waiting = new Set<() => void>();
  return {
    wait: (signal) =>
      new Promise((resolve) => {
        const done = (): void => {
          waiting.delete(done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        waiting.add(done);
        signal.addEventListener('abort', done);
      }),
    wake() {
      for (const done of waiting) done();
    },
  };
};
