import { z } from 'zod';
import { EndedSessions, KnownSession } from '#contracts/http/sessions.ts';
import type { Identity, KnownIdentity } from '#contracts/ports/identities.ts';
import { actorOf, callerOf } from '../http/identity.ts';
import { notFound } from '../http/problems.ts';
import type { ApiApp, RouteDeps } from '../http/route.ts';
import { readErrors, writeErrors } from '../http/schemas.ts';
import { endOnRecord } from './end-on-record.ts';

const tags = ['Session'];

type Deps = Pick<RouteDeps, 'identities' | 'log'>;

const toAnswer = ({ lastCame, issuedAtMs, expiresAtMs, lastUsedAtMs, ...known }: KnownIdentity, own: Identity) => ({
  ...known,
  ...lastCame,
  issuedAt: issuedAtMs,
  expiresAt: expiresAtMs,
  lastUsedAt: lastUsedAtMs,
  isOwn: known.id === own.id,
});

const listRoute = (app: ApiApp, { identities }: Deps): void => {
  app.get(
    '/sessions',
    {
      schema: {
        tags,
        summary: 'Sessions of browsers and tokens of programs that were used and are not over, the last used first',
        response: { 200: z.array(KnownSession), ...readErrors, 403: writeErrors[403] },
      },
    },
    async (request) => identities.list().map((known) => toAnswer(known, callerOf(request))),
  );
};

const endRoute = (app: ApiApp, { identities, log }: Deps): void => {
  app.delete(
    '/sessions/:id',
    {
      config: { mayEndItself: true },
      schema: {
        tags,
        summary: 'End one: whatever is open by it is closed within a second',
        params: z.strictObject({ id: z.string().min(1).max(200) }),
        response: { 204: z.undefined().describe('ended'), ...writeErrors },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if ((await endOnRecord(identities, { id })) === 0)
        throw notFound(`there is no session or token ${id} that could be ended`);
      log.info({ id, by: actorOf(request) }, 'a session or a token was ended');
      return reply.code(204).send();
    },
  );
};

const endManyRoute = (app: ApiApp, { identities, log }: Deps): void => {
  app.delete(
    '/sessions',
    {
      config: { mayEndItself: true },
      schema: {
        tags,
        summary: 'End all of one name, or all but the one that asks',
        description:
          'What was issued and never used ends with them. A wall display is ended too, and must be signed in again to show anything.',
        querystring: z.strictObject({
          name: z.string().min(1).max(200).optional().describe('Left out: all but the one that asks'),
        }),
        response: { 200: EndedSessions, ...writeErrors },
      },
    },
    async (request) => {
      const { name } = request.query;
      const ended = await endOnRecord(identities, name === undefined ? { allBut: callerOf(request).id } : { name });
      log.info({ ended, name, by: actorOf(request) }, 'sessions and tokens were ended');
      return { ended };
    },
  );
};

/** Who is signed in by what, for those who may end it. All of it works with the database away. */
export const sessionsRoutes = (app: ApiApp, deps: Deps): void => {
  listRoute(app, deps);
  endRoute(app, deps);
  endManyRoute(app, deps);
};
