import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Problem } from '#contracts/http/problem.ts';
import { ProblemError } from './problems.ts';

/**
 * What every request must be, whatever its route: no parameter and no field that the route does not know, so that a filter with
 * a slip in its name does not pass for none; and no text that cannot be stored, anywhere in it. A HEAD request and a WebSocket
 * are asked the same.
 */
export const demandStrictRequests = (api: FastifyInstance): void => {
  api.addHook('onRoute', (route) => {
    const query = route.schema?.querystring;
    const isObject = query instanceof z.ZodObject;
    route.schema = {
      ...route.schema,
      querystring: isObject ? query.strict() : (query ?? z.strictObject({})),
    };
  });
  api.addHook('preValidation', async (request) => {
    if (request.routeOptions.schema?.body === undefined) refuseFields(request.body);
    const faults = [
      ...faultsIn('params', request.params),
      ...faultsIn('querystring', request.query),
      ...faultsIn('body', request.body),
    ];
    if (faults.length === 0) return;
    throw new ProblemError(400, 'invalid', 'the request holds what cannot be stored', { faults });
  });
};

type Faults = NonNullable<Problem['faults']>;

/** A route that asks for no body takes none, or one without fields. */
const refuseFields = (body: unknown): void => {
  if (body === undefined || body === null || (typeof body === 'object' && Object.keys(body).length === 0)) return;
  const faults = [{ in: 'body', at: '', message: 'no field is known here' }];
  throw new ProblemError(400, 'invalid', 'this asks for no body', { faults });
};

/** No body that is asked for is deeper than a few levels. */
const MAX_DEPTH = 32;
/** So many faults are named in the answer; more would help nobody. */
const MAX_FAULTS = 20;

/** With the flag `u` a surrogate pair is one character, so only half a pair is found. */
const HALF_PAIR = /\p{Surrogate}/u;

const textFault = (text: string): string | undefined => {
  if (text.includes('\0')) return 'a text may not hold the character NUL';
  return HALF_PAIR.test(text) ? 'a text may not hold half of a surrogate pair' : undefined;
};

/** The search does not recurse, because a body may be as deep as it is long. */
const faultsIn = (where: string, root: unknown): Faults => {
  const faults: Faults = [];
  const waiting: { value: unknown; at: string; depth: number }[] = [{ value: root, at: '', depth: 0 }];
  for (let next = waiting.pop(); next && faults.length < MAX_FAULTS; next = waiting.pop()) {
    const { value, at, depth } = next;
    if (typeof value === 'string') {
      const message = textFault(value);
      if (message) faults.push({ in: where, at, message });
    } else if (typeof value === 'object' && value !== null) {
      if (depth >= MAX_DEPTH) return [{ in: where, at: at.slice(0, 100), message: `nested deeper than ${MAX_DEPTH}` }];
      for (const [name, inner] of Object.entries(value)) {
        const message = textFault(name);
        if (message) faults.push({ in: where, at, message: message.replace('text', 'name') });
        waiting.push({
          value: inner,
          at: `${at}/${name.slice(0, 100).replaceAll(/\p{Surrogate}|\0/gu, '?')}`,
          depth: depth + 1,
        });
      }
    }
  }
  return faults;
};
