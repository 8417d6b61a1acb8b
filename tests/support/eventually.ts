import { coerceError } from '#platform/errors.ts';

/** Tries until it no longer throws, and fails with the last reason. Waits for a condition, not for a time. */
export const eventually = async <Result>(
  attempt: () => Promise<Result> | Result,
  { withinMs = 60_000, everyMs = 50 }: { withinMs?: number; everyMs?: number } = {},
): Promise<Result> => {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) {
        throw new Error(`still not after ${withinMs} ms: ${coerceError(error).message}`, { cause: error });
      }
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }
};
