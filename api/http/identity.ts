import type {} from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { may, PERMISSIONS, type Permission } from '#contracts/permissions.ts';
import { type CameFrom, type Identities, type Identity, NotCurrentError } from '#contracts/ports/identities.ts';
import type { Guests } from './guests.ts';
import { ProblemError } from './problems.ts';

/** Who asks. */
export type Caller = Identity & {
  /** A browser sends its cookie with every request, whoever made it ask; a bearer token comes only from its holder. */
  readonly by: 'bearer' | 'cookie';
};

declare module 'fastify' {
  interface FastifyRequest {
    /** null only on open routes. */
    identity: Caller | null;
  }
  interface FastifyContextConfig {
    /** Its answer goes out even when it has ended who asked for it. */
    mayEndItself?: true;
  }
}

export const SESSION_COOKIE = 'wardwatch_session';

/** The hook that lets requests in, or refuses them with 401 or 403. */
export const createGatekeeper = ({
  identities,
  publicUrl,
  guests,
}: {
  identities: Pick<Identities, 'identify'>;
  publicUrl: string | undefined;
  guests: Guests;
}) => {
  const ourOrigin = publicUrl === undefined ? undefined : new URL(publicUrl).origin;

  /** Browsers always send Origin with writes and with WebSocket upgrades: its absence is as bad as a foreign one. */
  const isSameOrigin = ({ headers }: FastifyRequest): boolean => {
    const { origin, host } = headers;
    if (!origin || !URL.canParse(origin)) return false;
    return origin === ourOrigin || new URL(origin).host === host;
  };

  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { permission } = request.routeOptions.config;
    if (permission === 'anybody') return;
    const identity = await identify(request, identities);
    if (identity.role === 'integration') throw forbidden('a token of an integration is for MQTT, not for HTTP');
    const canForge = identity.by === 'cookie' && (!isRead(request) || request.headers.upgrade !== undefined);
    if (canForge && !isSameOrigin(request)) throw forbidden('this page may not do that: Origin is not ours');
    if (permission !== 'signed-in') demand(identity, permission);
    if (!guests.letIn(request.raw.socket, identity.name)) throw tooMany();
    request.identity = identity;
    // A WebSocket is looked after by whoever takes it over.
    if (!request.ws && !request.routeOptions.config.mayEndItself) cutWhenOver(identity, reply);
  };
};

/** What somebody is still being sent ends with the identity that it was asked by. */
const cutWhenOver = (identity: Identity, { raw }: FastifyReply): void => {
  raw.once(
    'close',
    identity.onOver(() => raw.destroy()),
  );
};

/** undefined: it is not known what the route needs, so nobody may. */
const demand = ({ role }: Identity, permission: Permission | undefined): void => {
  if (permission !== undefined && may(role, permission)) return;
  const roles = permission === undefined ? [] : PERMISSIONS[permission];
  throw forbidden(`this needs the role ${roles.join(' or ')}`);
};

/** The name for the audit log; only for routes that are not open. */
export const actorOf = (request: FastifyRequest): string => callerOf(request).name;

/** Only for routes that are not open. */
export const callerOf = ({ identity }: FastifyRequest): Caller => {
  if (!identity) throw new Error('an open route has no caller');
  return identity;
};

const isRead = ({ method }: FastifyRequest): boolean => method === 'GET' || method === 'HEAD';

/** The token of a request, and whether it could come without the wish of its holder. */
const tokenOf = ({
  headers,
  cookies,
}: FastifyRequest): { readonly token: string; readonly by: Caller['by'] } | undefined => {
  const [, bearer] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  if (bearer !== undefined) return { token: bearer, by: 'bearer' };
  const cookie = cookies[SESSION_COOKIE];
  return cookie ? { token: cookie, by: 'cookie' } : undefined;
};

export const cameFrom = ({ ip }: FastifyRequest, by: Caller['by']): CameFrom => ({
  door: by === 'cookie' ? 'browser' : 'http',
  address: ip,
});

/** Rejects with 401. */
export const identify = async (request: FastifyRequest, identities: Pick<Identities, 'identify'>): Promise<Caller> => {
  const brought = tokenOf(request);
  if (!brought) throw unauthorized('sign in first');
  const { token, by } = brought;
  try {
    return { ...(await identities.identify(token, cameFrom(request, by))), by };
  } catch (error) {
    if (!(error instanceof NotCurrentError)) throw error;
    throw unauthorized(`sign in again: ${error.message}`);
  }
};

export const unauthorized = (detail: string): ProblemError =>
  new ProblemError(401, 'unauthorized', detail, { headers: { 'www-authenticate': 'Bearer' } });

const tooMany = (): ProblemError =>
  new ProblemError(503, 'too-many-connections', 'too many connections are open under this name', {
    headers: { connection: 'close', 'retry-after': '5' },
  });

const forbidden = (detail: string): ProblemError => new ProblemError(403, 'forbidden', detail);
