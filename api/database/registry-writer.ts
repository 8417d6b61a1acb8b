import type { FastifyRequest } from 'fastify';
import type { Database, DatabaseClient } from '#platform/database.ts';
import { actorOf } from '../http/identity.ts';
import { inTransaction } from './query.ts';
import { recordAudit } from './record-audit.ts';

/** What is written down about a write: on what, and with which values. Never a secret. */
type Written<Result> = { readonly subject: string; readonly detail?: object; readonly result: Result };

/**
 * Does a write of the registry: in one transaction with its line in the audit log, and answered only when the station
 * works by it, so that a device just added can connect at once.
 */
export type RegistryWriter = <Result>(
  request: FastifyRequest,
  /** Noun and verb, as in `device:create`. */
  action: string,
  work: (client: DatabaseClient) => Promise<Written<Result>>,
) => Promise<Result>;

export const createRegistryWriter =
  ({
    database,
    registryChanged,
  }: {
    database: Database;
    registryChanged: (reason: string) => Promise<void>;
  }): RegistryWriter =>
  async (request, action, work) => {
    const actor = actorOf(request);
    const { result } = await inTransaction(database, async (client) => {
      const written = await work(client);
      await recordAudit(client, { actor, action, subject: written.subject, detail: written.detail ?? {} });
      return written;
    });
    await registryChanged(action);
    return result;
  };
