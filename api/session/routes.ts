import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Session, SignInCode } from '#contracts/http/session.ts';
import { coerceError } from '#platform/errors.ts';
import { cameFrom, identify, SESSION_COOKIE, unauthorized } from '../http/identity.ts';
import type { ApiApp, RouteDeps } from '../http/route.ts';
import { readErrors } from '../http/schemas.ts';
import { endOnRecord } from './end-on-record.ts';
import { SESSION_MS } from './sign-in.ts';

const tags = ['Session'];

const cookieOptions = (isSecure: boolean) =>
  ({ path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure }) as const;

const setSession = (reply: FastifyReply, session: string, isSecure: boolean): FastifyReply =>
  reply.setCookie(SESSION_COOKIE, session, { ...cookieOptions(isSecure), maxAge: SESSION_MS / 1_000 });

type Deps = Pick<RouteDeps, 'signIn' | 'identities' | 'clock' | 'isSecure' | 'log'>;

const readRoute = (app: ApiApp, { identities, clock, isSecure, log }: Deps): void => {
  app.get(
    '/session',
    { schema: { tags, summary: 'Who is signed in', response: { 200: Session, ...readErrors } } },
    async ({ identity }, reply) => {
      if (!identity) throw unauthorized('sign in first');
      const { name, role, by } = identity;
      // A wall that is looked at every day never has to be signed in again.
      if (by === 'cookie' && identity.expiresAtMs() - clock.now() < SESSION_MS / 2) {
        try {
          setSession(reply, await identities.renew(identity, SESSION_MS), isSecure);
        } catch (error) {
          // It is asked for again within the hour, and the session goes on.
          log.warn({ err: coerceError(error) }, 'a session cannot be renewed');
        }
      }
      return { name, role, expiresAt: identity.expiresAtMs() };
    },
  );
};

const signInRoute = (app: ApiApp, { signIn, clock, isSecure }: Deps): void => {
  app.post(
    '/session',
    {
      schema: {
        tags,
        summary: 'Sign in with the code of a one-time link; sets the session cookie',
        body: SignInCode,
        response: { 200: Session, ...readErrors },
      },
    },
    async (request, reply) => {
      const { session, link } = await signIn.redeem(request.body.code, cameFrom(request, 'cookie'));
      setSession(reply, session, isSecure);
      return { name: link.name, role: link.role, expiresAt: clock.now() + SESSION_MS };
    },
  );
};

const signOutRoute = (app: ApiApp, { identities, isSecure }: Deps): void => {
  app.delete(
    '/session',
    {
      schema: {
        tags,
        summary: 'Sign out: the session ends, with whatever is open by it and whoever has a copy of its cookie',
        response: { 204: z.undefined().describe('signed out') },
      },
    },
    async (request, reply) => {
      // Who is not signed in, or not any more, has nothing to end.
      const caller = await identify(request, identities).catch(() => undefined);
      if (caller?.by === 'cookie') await endOnRecord(identities, { id: caller.id });
      return reply.clearCookie(SESSION_COOKIE, cookieOptions(isSecure)).code(204).send();
    },
  );
};

/** Below `/api/v1`. */
export const sessionRoutes = (app: ApiApp, deps: Deps): void => {
  readRoute(app, deps);
  signInRoute(app, deps);
  signOutRoute(app, deps);
};

/** The one-time link itself: `/sign-in?code=…`. */
export const signInPage = (app: ApiApp, { signIn, isSecure }: Pick<Deps, 'signIn' | 'isSecure'>): void => {
  app.get(
    '/sign-in',
    {
      // A HEAD request, as link previews send it, must not use the link up.
      exposeHeadRoute: false,
      schema: { hide: true, querystring: SignInCode },
    },
    async (request, reply) => {
      const { session } = await signIn.redeem(request.query.code, cameFrom(request, 'cookie'));
      // The code leaves the address bar with the redirect, and must not be kept or passed on before.
      reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
      return setSession(reply, session, isSecure).redirect('/wall', 303);
    },
  );
};
