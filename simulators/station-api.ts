import type { z } from 'zod';
import { Problem } from '#contracts/http/problem.ts';
import { sleep } from '#platform/backoff.ts';
import { coerceError, UserError } from '#platform/errors.ts';

/** The station's HTTP API as a ward or a replay needs it: to register what it will play. */

const TIMEOUT_MS = 30_000;
/** A station that has just started may still be waiting for its database. */
const UNAVAILABLE_TRIES = 20;
const UNAVAILABLE_WAIT_MS = 500;

/** Why the station refused a request, in one line with every fault. `reply`: the body of its answer. */
export const refusalText = (status: number, reply: unknown): string => {
  const problem = Problem.safeParse(reply);
  // What a proxy on the way answers is no problem of the station's.
  if (!problem.success) return `status ${status}`;
  const { title, detail = title, faults = [] } = problem.data;
  const told = faults.map(({ at, message }) => (at === '' ? message : `${at} ${message}`)).join('; ');
  return told === '' ? detail : `${detail}: ${told}`;
};

export class StationRefusal extends UserError {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export type StationApi = {
  /** Resolves with the parsed reply. Throws a StationRefusal for what the station refuses. */
  readonly request: <Schema extends z.ZodType>(
    schema: Schema,
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
  ) => Promise<z.infer<Schema>>;
};

export const createStationApi = ({
  url,
  token,
  signal,
}: {
  url: string;
  token: string;
  signal?: AbortSignal | undefined;
}): StationApi => {
  const send = async (method: string, path: string, body?: object): Promise<Response> => {
    try {
      return await fetch(`${url.replace(/\/$/, '')}/api/v1/${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
        ...(body ? { body: JSON.stringify(body) } : {}),
        signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(signal ? [signal] : [])]),
      });
    } catch (thrown) {
      signal?.throwIfAborted();
      const error = coerceError(thrown);
      const reason = error.cause instanceof Error ? error.cause.message : error.message;
      throw new UserError(`no station answers at ${url} (${reason}): start it, or name it by --url`, { cause: error });
    }
  };
  return {
    async request(schema, method, path, body) {
      let response = await send(method, path, body);
      for (let tries = 1; response.status === 503 && tries < UNAVAILABLE_TRIES; tries++) {
        await sleep(UNAVAILABLE_WAIT_MS, signal);
        response = await send(method, path, body);
      }
      const reply: unknown = await response.json().catch(() => undefined);
      if (response.ok) return schema.parse(reply);
      const { status } = response;
      throw new StationRefusal(status, `the station refused to ${method} ${path}: ${refusalText(status, reply)}`);
    },
  };
};
