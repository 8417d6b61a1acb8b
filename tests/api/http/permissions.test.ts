import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { may } from '#contracts/permissions.ts';
import { ROLES, type Role } from '#contracts/roles.ts';
import { ROUTE_PERMISSIONS, type RoutePermission } from '../../../api/http/route-permissions.ts';
import { startApi, type TestApi } from '../support/api.ts';

/** Every address of the document is asked in every role, and by who is not let in at all. */

let api: TestApi;
let routes: readonly { readonly method: string; readonly path: string; readonly permission: RoutePermission }[];

const Paths = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** As the table writes them. */
const lineOf = (method: string, path: string): string =>
  `${method.toUpperCase()} ${path.replace('/api/v1', '').replaceAll(/\{(\w+)\}/g, ':$1')}`;

beforeAll(async () => {
  api = await startApi();
  const { paths } = Paths.parse(await (await api.ask('/api/docs/json', { role: 'nobody' })).json());
  routes = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => {
      const line = lineOf(method === 'head' ? 'get' : method, path);
      const permission = new Map<string, RoutePermission>(Object.entries(ROUTE_PERMISSIONS)).get(line);
      if (!permission) throw new Error(`${line} has no line`);
      return { method: method.toUpperCase(), path: path.replaceAll(/\{\w+\}/g, 'none'), permission };
    }),
  );
});
afterAll(() => api.stop());

const issue = (role: Role, expiresInMs = 60_000) =>
  api.tokens.issue({ name: `a ${role}`, role, kind: 'access', expiresInMs });

/** With a token of its own for each question: some of them end tokens. */
const ask = async (method: string, path: string, token: string | undefined): Promise<number> => {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await api.ask(path, { method, role: 'nobody', headers });
  await response.body?.cancel();
  return response.status;
};

const mayUse = (role: Role, permission: RoutePermission): boolean => {
  if (permission === 'anybody') return true;
  if (role === 'integration') return false;
  return permission === 'signed-in' || may(role, permission);
};

const STRANGERS: Readonly<Record<string, () => Promise<string | undefined>>> = {
  nobody: async () => undefined,
  'a token that has expired': () => issue('operator', -1),
  'a token that was ended': async () => {
    const token = await issue('operator');
    const { id } = await api.identities.identify(token, { door: 'http', address: '::1' });
    await api.identities.end({ id });
    return token;
  },
  'the code of a link': () => api.tokens.issue({ name: 'x', role: 'operator', kind: 'link', expiresInMs: 60_000 }),
};

describe('every address', () => {
  it('has a line in the table, and every line an address', () => {
    const lines = new Set(
      routes.filter(({ method }) => method !== 'HEAD').map(({ method, path }) => `${method} ${path}`),
    );
    const expected = Object.keys(ROUTE_PERMISSIONS).map((line) =>
      line.replace(' ', ' /api/v1').replaceAll(/:\w+/g, 'none'),
    );
    expect([...lines].sort()).toEqual(expected.sort());
  });

  it.each(ROLES)('lets in the role %s where it may, and answers 403 elsewhere', async (role) => {
    const wrong: string[] = [];
    for (const { method, path, permission } of routes) {
      const status = await ask(method, path, await issue(role));
      const isLetIn = status !== 401 && status !== 403;
      if (isLetIn !== mayUse(role, permission) || status === 401) wrong.push(`${method} ${path}: ${status}`);
    }
    expect(wrong).toEqual([]);
    console.info(`asked as ${role}: ${routes.length} addresses`);
  });

  it.each(Object.keys(STRANGERS))('answers 401 to %s', async (stranger) => {
    const wrong: string[] = [];
    for (const { method, path, permission } of routes) {
      const status = await ask(method, path, await STRANGERS[stranger]?.());
      if ((status === 401) !== (permission !== 'anybody')) {
        wrong.push(`${method} ${path}: ${status}`);
      }
    }
    expect(wrong).toEqual([]);
    console.info(`asked as ${stranger}: ${routes.length} addresses`);
  });
});
