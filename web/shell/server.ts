import type { z } from 'zod';
import { type Refusal, refusalOf, UNREACHABLE } from './refusal.ts';

/** What a page asks the station over HTTP. Every request ends in a plain answer, never in an error. */

/** `etag` names what was read; a write that tells it is refused as `stale` when that is no longer so. */
export type Answer<Value> =
  | { readonly isOk: true; readonly value: Value; readonly etag?: string | undefined }
  | Refusal;

const TIMEOUT_MS = 30_000;

export type Server = {
  /** `path` behind `/api/v1/`. */
  readonly get: <Schema extends z.ZodType>(
    schema: Schema,
    path: string,
    query?: Readonly<Record<string, string | number | undefined>>,
    signal?: AbortSignal,
  ) => Promise<Answer<z.output<Schema>>>;
  /** `schema` undefined: nothing comes back. */
  readonly send: <Schema extends z.ZodType>(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
    schema?: Schema,
    signal?: AbortSignal,
  ) => Promise<Answer<z.output<Schema>>>;
  /** Puts something in the place of what was read. */
  readonly replace: <Schema extends z.ZodType>(
    schema: Schema,
    path: string,
    body: object,
    etag: string | undefined,
  ) => Promise<Answer<z.output<Schema>>>;
};

const JSON_TYPE = { 'content-type': 'application/json' } as const;

export const createServer = (request: typeof fetch): Server => {
  const ask = async <Schema extends z.ZodType>(
    schema: Schema | undefined,
    path: string,
    init: RequestInit,
    signal?: AbortSignal,
  ): Promise<Answer<z.output<Schema>>> => {
    try {
      const timeout = AbortSignal.timeout(TIMEOUT_MS);
      const signals = signal ? AbortSignal.any([signal, timeout]) : timeout;
      const response = await request(`/api/v1/${path}`, { ...init, signal: signals });
      if (!response.ok) return await refusalOf(response);
      const value = schema ? schema.parse(await response.json()) : undefined;
      return { isOk: true, value: value as z.output<Schema>, etag: response.headers.get('etag') ?? undefined };
    } catch {
      return UNREACHABLE;
    }
  };
  return {
    get(schema, path, query = {}, signal) {
      const entries = Object.entries(query).flatMap(([key, value]) =>
        value === undefined ? [] : [[key, String(value)]],
      );
      const search = new URLSearchParams(entries).toString();
      return ask(schema, search === '' ? path : `${path}?${search}`, {}, signal);
    },
    send: (method, path, body, schema, signal) =>
      ask(schema, path, body ? { method, headers: JSON_TYPE, body: JSON.stringify(body) } : { method }, signal),
    replace: (schema, path, body, etag) =>
      ask(schema, path, {
        method: 'PUT',
        headers: { ...JSON_TYPE, ...(etag === undefined ? {} : { 'if-match': etag }) },
        body: JSON.stringify(body),
      }),
  };
};
