import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Session, SignInCode } from '#contracts/http/session.ts';
import { SESSION_COOKIE, unauthorized } from '../http/identity.ts';
import type { ApiApp, RouteDeps } from '../http/route.ts';
import { readErrors } from '../http/schemas.ts';
import { SESSION_MS } from './sign-in.ts';

const tags = ['Session'];

const cookieOptions = (isSecure: boolean) =>
  ({ path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure }) as const;

const setSession = (reply: FastifyReply, session: string, isSecure: boolean): FastifyReply =>
  reply.setCookie(SESSION_COOKIE, session, { ...cookieOptions(isSecure), maxAge: SESSION_MS / 1_000 });

type Deps = Pick<RouteDeps, 'signIn' | 'tokens' | 'clock' | 'isSecure'>;

const readRoute = (app: ApiApp, { tokens, clock, isSecure }: Deps): void => {
  app.get(
    '/session',
    { schema: { tags, summary: 'Who is signed in', response: { 200: Session, ...readErrors } } },
    async ({ identity }, reply) => {
      if (!identity) throw unauthorized('sign in first');
      const { name, role, by } = identity;
      let { expiresAtMs } = identity;
      // A wall that is looked at every day never has to be signed in again.
      if (by === 'cookie' && expiresAtMs - clock.now() < SESSION_MS / 2) {
        expiresAtMs = clock.now() + SESSION_MS;
        setSession(reply, await tokens.issue({ name, role, kind: 'access', expiresInMs: SESSION_MS }), isSecure);
      }
      return { name, role, expiresAt: expiresAtMs };
    },
  );
};

const signInRoute = (app: ApiApp, { signIn, clock, isSecure }: Deps): void => {
  app.post(
    '/session',
    {
      config: { access: 'open' },
      schema: {
        tags,
        summary: 'Sign in with the code of a one-time link; sets the session cookie',
        body: SignInCode,
        response: { 200: Session, ...readErrors },
      },
    },
    async (request, reply) => {
      const { session, link } = await signIn.redeem(request.body.code);
      setSession(reply, session, isSecure);
      return { name: link.name, role: link.role, expiresAt: clock.now() + SESSION_MS };
    },
  );
};

const signOutRoute = (app: ApiApp, { isSecure }: Deps): void => {
  app.delete(
    '/session',
    {
      config: { access: 'open' },
      schema: { tags, summary: 'Sign out', response: { 204: z.undefined().describe('signed out') } },
    },
    (_request, reply) => reply.clearCookie(SESSION_COOKIE, cookieOptions(isSecure)).code(204).send(),
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
      const { session } = await signIn.redeem(request.query.code);
      // The code leaves the address bar with the redirect, and must not be kept or passed on before.
      reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
      return setSession(reply, session, isSecure).redirect('/wall', 303);
    },
  );
};
