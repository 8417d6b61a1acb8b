import { expect } from 'vitest';
import { z } from 'zod';
import { createTestDatabase } from '../../support/database.ts';
import { startApi } from './api.ts';
import { createDesk } from './desk.ts';

/** The routes of the document with values for each, and an API with something to find behind every path. */

export type Schema = {
  readonly type?: string | readonly string[];
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly items?: Schema;
};
export type Parameter = {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly schema: Schema;
  readonly required?: boolean;
};
export type Operation = {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
};
export type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};

export const resolve = ({ components }: Document, schema: Schema): Schema => {
  const name = schema.$ref?.split('/').at(-1);
  const resolved = name === undefined ? schema : (components.schemas[name] ?? schema);
  return resolved.anyOf?.[0] && !resolved.properties ? resolve({ components, paths: {} }, resolved.anyOf[0]) : resolved;
};

/** Something that fits, so that only one thing is wrong at a time. */
export const honest = (document: Document, given: Schema, name = ''): unknown => {
  const schema = resolve(document, given);
  if (schema.enum) return schema.enum[0];
  if (name === 'id') return 'm1';
  if (name in HONEST) return HONEST[name];
  if (schema.properties) {
    const names = schema.required ?? [];
    return Object.fromEntries(names.map((one) => [one, honest(document, schema.properties?.[one] ?? {}, one)]));
  }
  if (schema.type === 'array') return [];
  if (schema.type === 'integer' || schema.type === 'number') return 1;
  return schema.format === 'date-time' ? '2026-01-01T00:00:00Z' : 'a';
};
const HONEST: Readonly<Record<string, unknown>> = {
  unit: 'icu',
  bed: 'b1',
  device: 'm1',
  patient: 1,
  encounter: 1,
  from: '2026-01-01T00:00:00Z',
  to: '2026-01-02T00:00:00Z',
  overrides: {},
  reason: 'trial',
  intervalMs: 5_000,
};

/** Every place of a body that its schema names, to some depth. */
export const placesOf = (document: Document, given: Schema, depth = 0): (readonly string[])[] => {
  const { properties } = resolve(document, given);
  if (!properties || depth > 2) return [];
  return Object.entries(properties).flatMap(([name, inner]) => [
    [name],
    ...placesOf(document, inner, depth + 1)
      .slice(0, 8)
      .map((rest) => [name, ...rest]),
  ]);
};

/** What an object at a place of a body may hold; undefined: it is no object there. */
export const propertiesAt = (document: Document, given: Schema, place: readonly string[]): Schema['properties'] => {
  const [name, ...rest] = place;
  const { properties } = resolve(document, given);
  if (name === undefined) return properties;
  const inner = properties?.[name];
  return inner && propertiesAt(document, inner, rest);
};

export const withValue = (thing: unknown, [name, ...rest]: readonly string[], value: unknown): unknown => {
  if (name === undefined) return value;
  const object = typeof thing === 'object' && thing !== null ? (thing as Record<string, unknown>) : {};
  return { ...object, [name]: withValue(object[name], rest, value) };
};

const Problem = z.object({ type: z.string().startsWith('urn:wardwatch:problem:'), status: z.int(), title: z.string() });

const PATHS: Readonly<Record<string, string>> = {
  '/units': 'icu',
  '/beds': 'b1',
  '/devices': 'm1',
  '/gateways': 'g1',
  '/alarms': 'a',
};

export const pathOf = (path: string, replace: Readonly<Record<string, string>> = {}): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const own = Object.entries(PATHS).find(([start]) => path.startsWith(`/api/v1${start}`))?.[1] ?? '1';
    const usual = name === 'id' ? own : name === 'ageGroup' ? 'adult' : '1';
    return encodeURIComponent(replace[name] ?? usual);
  });

export const writes = ({ paths }: Document) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );

/** What was found, as lines, so that all is seen at once. */
export const unless = (isRight: boolean, what: string): string[] => (isRight ? [] : [what]);

/** Stop it afterwards. */
export const startDocumented = async () => {
  const database = await createTestDatabase();
  const desk = createDesk();
  desk.addBed('icu', 'b1');
  const api = await startApi({ database: database.pool, alarms: desk.desk });
  await api.ask('/api/v1/units/icu', { method: 'PUT', body: { name: 'ICU' } });
  await api.ask('/api/v1/beds/b1', { method: 'PUT', body: { unit: 'icu', label: '1' } });
  await api.ask('/api/v1/devices', { method: 'POST', body: { id: 'm1', unit: 'icu', bed: 'b1' } });
  await api.ask('/api/v1/gateways', { method: 'POST', body: { id: 'g1', devices: ['m1'] } });
  await api.ask('/api/v1/patients', { method: 'POST', body: { name: 'Ann' } });
  await api.ask('/api/v1/encounters', { method: 'POST', body: { patient: 1, bed: 'b1' } });
  return {
    api,
    database,
    readDocument: async (): Promise<Document> =>
      (await (await api.ask('/api/docs/json', { role: 'nobody' })).json()) as Document,
    async stop() {
      await api.stop();
      await database.drop();
    },
  };
};

export type Documented = Awaited<ReturnType<typeof startDocumented>>;

/** Asks, and sees to it that an error is a problem. A 2xx is right too: some of it is harmless somewhere. */
export const askDocumented = async (
  { api }: Documented,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; text: string }> => {
  const response = await api.ask(path, { method, ...(body === undefined ? {} : { body }) });
  const text = await response.text();
  if (response.status >= 400) {
    expect(response.headers.get('content-type'), `${method} ${path.slice(0, 120)}: ${text}`).toContain(
      'application/problem+json',
    );
    expect(Problem.safeParse(JSON.parse(text)).success, text).toBe(true);
  }
  return { status: response.status, text };
};
