import { z } from 'zod';
import { sleep } from '#platform/backoff.ts';
import { coerceError, UserError } from '#platform/errors.ts';

/** The station's HTTP API as a ward or a replay needs it: to register what it will play. */

const TIMEOUT_MS = 30_000;
/** A station that has just started may still be waiting for its database. */
const UNAVAILABLE_TRIES = 20;
const UNAVAILABLE_WAIT_MS = 500;

const Problem = z.object({ title: z.string(), detail: z.string().optional() });

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
    method: 'GET' | 'POST' | 'PUT' | 'PATCH',
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
      const problem = Problem.safeParse(reply);
      const reason = problem.success ? (problem.data.detail ?? problem.data.title) : `status ${response.status}`;
      throw new StationRefusal(response.status, `the station refused to ${method} ${path}: ${reason}`);
    },
  };
};
