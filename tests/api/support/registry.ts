import { createTestDatabase } from '../../support/database.ts';
import { startApi } from './api.ts';

/** An API with a database of its own, a unit `icu` and three beds in it. Stop it afterwards. */
export const startRegistry = async () => {
  const database = await createTestDatabase();
  const api = await startApi({ database: database.pool });
  const put = (path: string, body: unknown) => api.ask(path, { method: 'PUT', body });
  const post = (path: string, body?: unknown) => api.ask(path, { method: 'POST', body });
  const patch = (path: string, body: unknown) => api.ask(path, { method: 'PATCH', body });
  await put('/api/v1/units/icu', { name: 'Intensive care' });
  for (const bed of ['icu-01', 'icu-02', 'icu-03']) await put(`/api/v1/beds/${bed}`, { unit: 'icu', label: bed });
  return {
    api,
    database,
    put,
    post,
    patch,
    async stop() {
      await api.stop();
      await database.drop();
    },
  };
};

export type TestRegistry = Awaited<ReturnType<typeof startRegistry>>;

export const json = async (response: Promise<Response>) => (await response).json();
