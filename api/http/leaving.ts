import type { FastifyReply } from 'fastify';
import { ProblemError } from './problems.ts';

/** As a problem, because it is no fault of the station and nothing for its log. */
const left = (): ProblemError => new ProblemError(503, 'left', 'nobody waits for it any more');

/**
 * Aborted when the connection of a request is over, by its end or because who asked has left: nobody is worked for then.
 * Throws when that was before.
 */
export const leavingOf = (reply: FastifyReply): AbortSignal => {
  if (reply.raw.destroyed) throw left();
  const leaving = new AbortController();
  reply.raw.once('close', () => leaving.abort(left()));
  return leaving.signal;
};

/**
 * Work that may have to wait for its turn before the first byte of its answer: until it is done the connection is not taken
 * for one that idles.
 */
export const workFor = async <Result>(
  reply: FastifyReply,
  work: (leaving: AbortSignal) => Promise<Result>,
): Promise<Result> => {
  // Node closes a connection that idles unless somebody listens for that.
  const stay = () => undefined;
  reply.raw.on('timeout', stay);
  try {
    return await work(leavingOf(reply));
  } finally {
    reply.raw.off('timeout', stay);
  }
};
